/** Who does things in a scene: people and animals. */
const living = new Set(
  'man woman boy girl child kid baby person people guy lady player rider surfer skier skater batter crowd couple dog cat horse cow sheep elephant giraffe zebra bear bird teddy animal puppy kitten lamb goat duck monkey lion tiger'.split(
    ' ',
  ),
);

/** @param label "teddy bear", "old man": the last word, or the first, decides */
export function isLiving(label: string): boolean {
  const words = label.split(' ');
  return living.has(words.at(-1)!) || living.has(words[0]!);
}

const grounds = new Set(
  'beach street road field park grass lawn yard sidewalk sand snow ocean sea water river lake hill slope floor ground room kitchen garden'.split(
    ' ',
  ),
);

/** What scenes stand on or take place in. */
export const isGroundWord = (name: string): boolean => grounds.has(name.toLowerCase().split(' ').at(-1)!);
