/** Who does things in a scene: people and animals. */
const living = new Set(
  'mother father mom dad daughter son sister brother man woman boy girl child kid baby toddler teenager person people guy lady gentleman couple family team band crowd player rider surfer skier skater skateboarder snowboarder batter pitcher catcher climber hiker runner swimmer cyclist motorcyclist pedestrian tourist worker waiter vendor chef cook farmer fisherman firefighter policeman officer soldier driver student teacher dancer singer musician performer bride groom dog cat horse cow bull sheep elephant giraffe zebra bear bird teddy animal puppy kitten lamb goat duck goose swan pigeon seagull chicken owl fish rabbit squirrel deer fox wolf pig monkey lion tiger'.split(
    ' ',
  ),
);

/** @param label "teddy bear", "old man": the last word, or the first, decides */
export function isLiving(label: string): boolean {
  const words = label.split(' ');
  const last = words.at(-1)!;
  return living.has(last) || living.has(words[0]!) || /(?:ist|man|woman)$/.test(last);
}

const garments =
  /(?:jacket|coat|shirt|t-shirt|tee|sweater|hoodie|dress|skirt|suit|wetsuit|tuxedo|uniform|vest|robe|kimono|jeans|pants|shorts|trousers|leggings|swimsuit|bikini|outfit|costume|clothes|gear|apron|hat|cap|helmet|scarf|tie|gloves?|shoes?|boots?|sandals?|socks?|glasses|sunglasses|goggles|mask)$/;

/** What is worn: where its wearer is, it is. */
export const isGarment = (name: string): boolean => garments.test(name.toLowerCase());

const grounds = new Set(
  'beach street road field park grass lawn yard sidewalk sand snow ocean sea water river lake harbor hill slope floor ground room kitchen bathroom bedroom garden forest woods desert station city'.split(
    ' ',
  ),
);

const carriers =
  /(?:bench|chair|couch|sofa|bed|stool|swing|stage|porch|deck|roof|corner|bridge|platform|board|bike|motorcycle|horse|boat|mat|rug|carpet|blanket|steps?|stairs?|court|track)$/;

/** What people and animals are on, whatever they do there: a bench, and no plate. */
export const carries = (name: string): boolean => isGroundWord(name) || carriers.test(name.toLowerCase());

/** What scenes stand on or take place in. */
export const isGroundWord = (name: string): boolean => grounds.has(name.toLowerCase().split(' ').at(-1)!);
