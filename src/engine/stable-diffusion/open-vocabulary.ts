/**
 * Words to offer for a model that knows them all: what Visual Genome and COCO have most of, by kind. A package's manifest may name its own.
 */
const kindsOfThings: Readonly<Record<string, string>> = {
  person: 'person, man, woman, boy, girl, child, player, skier, surfer',
  animal: 'bear, bird, cat, cow, dog, elephant, giraffe, horse, sheep, zebra',
  plant: 'tree, flower, bush, leaf, plant, palm tree',
  vehicle: 'airplane, bicycle, boat, bus, car, motorcycle, train, truck, skateboard, surfboard',
  building: 'building, house, tower, bridge, church, fence, wall, window, door, street light, sign, clock',
  furniture: 'bed, bench, chair, couch, desk, lamp, table, vase, umbrella',
  food: 'apple, banana, bread, cake, carrot, donut, orange, pizza, sandwich, plate, bowl, cup, bottle',
  thing:
    'backpack, ball, book, frisbee, kite, laptop, phone, racket, skis, snowboard, suitcase, teddy bear, hat, shirt',
  ground: 'beach, field, floor, grass, hill, mountain, ocean, path, river, road, rock, sand, sidewalk, snow, water',
  backdrop: 'sky, clouds, sun, moon, forest, city',
};

const split = (text: string): string[] => text.split(', ');

export const kinds: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(kindsOfThings).flatMap(([kind, words]) => split(words).map((word) => [word, kind])),
);

export const openVocabulary = {
  objects: Object.keys(kinds),
  predicates: split(
    'left of, right of, above, below, inside, surrounding, on, under, next to, behind, in front of, near, holding, wearing, riding, sitting on, standing on, walking on, lying on, hanging from, attached to, covering, covered in, carrying, eating, looking at, parked on, flying in, with',
  ),
  attributes: split(
    'red, orange, yellow, green, blue, purple, pink, brown, black, white, grey, small, large, tall, old, young, wooden, metal, wet, snowy',
  ),
} as const;
