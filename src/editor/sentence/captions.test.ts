import { expect, describe as group, test } from 'vitest';
import { describe as inWords } from '#graph/words/describe.ts';
import { readText } from './read-text.ts';

/** Sentences in the manner of picture captions, read for a model that takes every word. One or two of each kind of construction. */
const captions: Readonly<Record<string, readonly (readonly [text: string, graph: string, unknown?: string])[]>> = {
  'qualities that are joined': [
    ['three old and tired dogs', 'old tired dog 1; old tired dog 2; old tired dog 3'],
    ['a red and white bus', 'red white bus'],
    [
      'A vase filled with red and yellow flowers sits on the table.',
      'vase filled with red yellow flower 1; vase filled with red yellow flower 2; vase sitting on table',
    ],
  ],
  'places of a place': [
    ['a house at the bottom of a mountain', 'house below mountain'],
    ['a lamp in the corner of a room', 'lamp in room'],
    ['A stop sign on the corner of a street.', 'stop sign on street'],
    ['A large clock tower in the middle of a city.', 'large clock tower in city'],
  ],
  'what a name says of another thing': [
    ['a snow covered branch', 'branch covered in snow'],
    ["a zebra's head in front of a car", 'head of zebra; head in front of car'],
    ["A man's bike leaning against a wall.", 'bike of man; bike leaning against wall'],
    ['A motorcycle parked in front of a brick building.', 'motorcycle parked in front of brick building'],
  ],
  'to each its own': [
    [
      'two horses with bags on their backs',
      'horse 1 with bag 1; horse 2 with bag 2; bag 1 on horse 1; bag 2 on horse 2',
    ],
    [
      'Two women with umbrellas walk down the street.',
      'woman 1 with umbrella 1; woman 2 with umbrella 2; woman 1 walking down street; woman 2 walking down street',
    ],
  ],
  'who does it': [
    ['a man on a beach with a dog', 'man on beach; man with dog'],
    ['A woman sitting on a bench reading a book.', 'woman sitting on bench; woman reading book'],
    ['A woman is cutting a cake with a knife.', 'woman cutting cake; woman with knife'],
    [
      'A teddy bear sitting in a chair with a hat on its head.',
      'teddy bear sitting in chair; teddy bear with hat; hat on head',
    ],
    [
      'A man wearing glasses and a blue shirt holds a wine glass.',
      'man wearing glasses; man wearing blue shirt; man holding wine glass',
    ],
    ['two kids play with a ball', 'kid 1 playing with ball; kid 2 playing with ball'],
  ],
  'what is not there, or not a thing': [
    ['no cats, only a dog', 'dog'],
    ['A street without cars.', 'street'],
    ['a bus on a street at night', 'bus on street', 'at night'],
    ['A black and white photo of a train station.', 'train station'],
    ['A close up of a sandwich on a plate.', 'sandwich on plate'],
  ],
  'what a place is about': [
    ['A bowl of oranges on a counter.', 'bowl of orange 1; bowl of orange 2; bowl on counter'],
    ['shadow of a man on the ground', 'shadow of man; shadow on ground'],
    ['a red kite with a long tail flying in the sky', 'red kite with long tail; red kite flying in sky'],
    ['A man plays a guitar on a street corner.', 'man playing guitar; man on street corner'],
    ['A boy jumps off a dock into a lake.', 'boy jumping off dock; boy into lake'],
    [
      'A dog runs through the water with a stick in its mouth.',
      'dog running through water; dog with stick; stick in mouth',
    ],
  ],
  'in its own words': [
    ['A cat sleeping on a bed.', 'cat sleeping on bed'],
    ['A woman in black holds a sign that says stop.', 'woman holding sign', 'in black says stop'],
    ['A man kneeling down to pet a dog.', 'man petting dog', 'kneeling down'],
    [
      'People are waiting in line outside a theater.',
      'person 1 outside theater; person 2 outside theater',
      'are waiting in line',
    ],
  ],
  'what the tagger takes for a verb': [
    ['A woman holding a cell phone up to her ear.', 'woman holding cell phone; cell phone to ear'],
    ['A motorcyclist leans into a turn.', 'motorcyclist leaning into turn'],
    [
      'Two construction workers are carrying a pipe.',
      'construction worker 1 carrying pipe; construction worker 2 carrying pipe',
    ],
    [
      'a cake with white frosting and sprinkles',
      'cake with white frosting; cake with sprinkle 1; cake with sprinkle 2',
    ],
    ['snow on the roof', 'snow on roof'],
  ],
  'names of places and of qualities': [
    ['the train has a yellow front', 'train has yellow front'],
    ['the front wheel of a motorcycle', 'front wheel of motorcycle'],
    ['the girl is barefoot', 'barefoot girl'],
  ],
  'word order': [
    ['between the two chairs stands a lamp', 'lamp between chair 1; lamp between chair 2'],
    ['On the table sits a cat.', 'cat on table'],
  ],
  lists: [
    ['A bathroom with a toilet, sink, and mirror.', 'bathroom with toilet; bathroom with sink; bathroom with mirror'],
    [
      'A table topped with plates of food and glasses of wine.',
      'table topped with plate 1; table topped with plate 2; plate 1 of food; plate 2 of food; glass 1 of wine; glass 2 of wine',
    ],
    [
      'A bedroom with a large bed and two lamps on either side.',
      'bedroom with large bed; bedroom with lamp 1; bedroom with lamp 2',
      'on either side',
    ],
  ],
  ways: [
    [
      'A train traveling down tracks next to a forest.',
      'train traveling down track 1; train traveling down track 2; track 1 next to forest; track 2 next to forest',
    ],
    ['An airplane flying through a cloudy blue sky.', 'airplane flying through cloudy blue sky'],
    [
      'A young boy wearing a helmet rides a skateboard down a ramp.',
      'young boy wearing helmet; young boy riding skateboard; skateboard down ramp',
    ],
  ],
};

for (const [kind, cases] of Object.entries(captions)) {
  group(kind, () => {
    test.each(cases.map(([text, graph, unknown = '']) => ({ text, graph, unknown })))(
      '$text',
      ({ text, graph, unknown }) => {
        const { graph: read, words } = readText(text, null);
        expect(inWords(read)).toBe(graph);
        expect(words.flatMap(({ text: word, role }) => (role === 'unknown' ? [word] : [])).join(' ')).toBe(unknown);
      },
    );
  });
}
