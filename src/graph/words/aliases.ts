/**
 * Everyday words for the labels that models are trained on. Word vectors know which words occur together, and put "lamb" beside
 * "sandwich"; where a plain word for the thing exists it is better to say so.
 */
import { singularsOf } from './singular.ts';

/** Label, and the words that mean it or a kind of it. A word under several labels means the first that the model knows. */
const table: readonly (readonly [label: string, aliases: string])[] = [
  [
    'man',
    'guy, dude, gentleman, fellow, father, dad, husband, uncle, grandfather, grandpa, king, farmer, fisherman, cowboy',
  ],
  ['woman', 'lady, mother, mom, mum, wife, aunt, grandmother, grandma, queen'],
  ['boy', 'lad, son, brother, schoolboy, prince'],
  ['girl', 'lass, daughter, sister, schoolgirl, princess'],
  ['child', 'kid, toddler, baby, infant'],
  ['boy', 'child, kid, toddler, baby, infant'],
  ['person', 'human, somebody, someone, adult, pedestrian, rider, cyclist, teacher, worker'],
  ['man', 'person, human, somebody, someone, adult, pedestrian, rider, cyclist, teacher, worker, player'],
  ['player', 'athlete, batter, pitcher, skater, surfer, skier'],
  ['man', 'athlete, batter, pitcher, skater, surfer, skier'],
  ['people', 'crowd, audience, group'],
  ['dog', 'puppy, pup, hound, doggy, terrier, poodle, labrador, retriever, bulldog, spaniel, wolf, fox, coyote'],
  ['cat', 'kitten, kitty, pussycat, tomcat, tabby, lynx, tiger, lion, leopard'],
  ['horse', 'pony, foal, mare, stallion, colt, donkey, mule, zebra'],
  ['cow', 'bull, calf, ox, cattle, heifer, bison, buffalo, yak'],
  ['sheep', 'lamb, ewe, ram, goat'],
  ['elephant', 'mammoth'],
  ['bear', 'grizzly, teddy, teddy bear, polar bear, panda'],
  [
    'bird',
    'sparrow, robin, pigeon, dove, seagull, gull, crow, raven, eagle, hawk, owl, parrot, duck, goose, swan, chicken, hen, rooster',
  ],
  ['car', 'automobile, auto, sedan, taxi, cab, jeep, convertible, suv, coupe, hatchback'],
  ['truck', 'lorry, pickup, van, pickup truck'],
  ['car', 'truck, lorry, pickup, van, vehicle, pickup truck'],
  ['bus', 'coach, minibus, double-decker, school bus, tram'],
  ['bike', 'bicycle, cycle, tricycle'],
  ['bicycle', 'bike, cycle, tricycle'],
  ['motorcycle', 'motorbike, scooter, moped, vespa'],
  ['train', 'locomotive, railway, metro, subway'],
  ['boat', 'ship, sailboat, yacht, canoe, kayak, ferry, dinghy, vessel, rowboat, gondola'],
  ['plane', 'airplane, aeroplane, aircraft, jet, airliner, glider, helicopter'],
  ['airplane', 'plane, aeroplane, aircraft, jet, airliner, glider'],
  ['tree', 'oak, pine, birch, maple, willow, fir, palm, palm tree, oak tree, spruce'],
  ['bush', 'shrub, hedge'],
  ['flower', 'rose, tulip, daisy, sunflower, lily, blossom, bloom, orchid, daffodil'],
  ['plant', 'potted plant, houseplant, fern, cactus, shrub, bush, herb, ivy'],
  ['potted plant', 'plant, houseplant, fern, cactus'],
  ['rock', 'boulder, pebble, cliff'],
  ['stone', 'rock, pebble, cobblestone'],
  ['rock', 'stone, cobblestone'],
  ['mountain', 'peak, volcano, summit, alps'],
  ['hill', 'slope, dune'],
  ['mountain', 'hill, slope'],
  ['cloud', 'clouds, fog, mist'],
  ['house', 'home, cottage, cabin, hut, barn, villa, bungalow, farmhouse, mansion'],
  ['building', 'skyscraper, tower, church, castle, hotel, office, apartment, store, shop, school'],
  ['house', 'building, church, castle, hotel, shop, school'],
  ['umbrella', 'parasol, sunshade, brolly'],
  ['ball', 'football, soccer ball, basketball, beach ball, volleyball, baseball'],
  ['sports ball', 'ball, football, soccer ball, basketball, volleyball, baseball'],
  ['flag', 'banner, pennant'],
  ['skateboard', 'longboard'],
  ['surfboard', 'surf board, bodyboard'],
  ['table', 'desk, coffee table, dining table, picnic table'],
  ['dining table', 'table, desk'],
  ['chair', 'stool, armchair, seat, rocking chair, recliner'],
  ['bed', 'mattress, bunk, cot, crib'],
  ['couch', 'sofa, settee, loveseat, divan'],
  ['bench', 'pew'],
  ['window', 'pane, windowpane'],
  ['clock', 'alarm clock, watch, alarm, stopwatch'],
  ['tv', 'television, telly, monitor, screen, flatscreen'],
  ['laptop', 'laptop computer, notebook computer, computer'],
  ['book', 'novel, magazine, textbook, notebook, diary, bible'],
  ['cup', 'mug, teacup, coffee, tea, goblet, tumbler'],
  ['glass', 'wine glass, goblet, tumbler'],
  ['pizza', 'margherita, calzone'],
  ['cake', 'birthday cake, cupcake, pie, dessert, pastry, tart'],
  ['apple', 'red apple'],
  ['banana', 'plantain'],
  ['hat', 'top hat, fedora, sombrero, beret, bonnet'],
  ['cap', 'baseball cap, beanie'],
  ['hat', 'cap, beanie'],
  ['bag', 'handbag, purse, tote, satchel, backpack, rucksack, suitcase, luggage'],
  ['handbag', 'bag, purse, tote'],
  ['grass', 'lawn, turf, grassland'],
  ['field', 'meadow, pasture, farmland, prairie'],
  ['grass', 'meadow, pasture, garden, yard, park'],
  ['dirt', 'soil, mud, earth'],
  ['ground', 'soil, mud, earth'],
  ['sand', 'desert, sandbox, dune'],
  ['beach', 'shore, seaside, coast'],
  ['sand', 'beach, shore, seaside'],
  ['snow', 'ice, slush, snowfield'],
  ['road', 'street, highway, lane, asphalt, pavement, avenue, motorway'],
  ['street', 'road, avenue, lane'],
  ['sidewalk', 'pavement, footpath'],
  ['ocean', 'sea, water, lake, river, pond, waves'],
  ['water', 'sea, ocean, lake, river, pond'],
  ['floor', 'parquet, carpet, rug'],
  ['sky', 'heaven, air'],
  ['wall', 'wallpaper'],
  ['fence', 'picket fence, barrier'],
  ['door', 'doorway, gate, entrance'],
  ['shirt', 't-shirt, tee, blouse, polo'],
  ['pant', 'trousers, slacks, pants'],
  ['jean', 'denim, dungarees'],
  ['short', 'shorts'],
  ['shoe', 'sneaker, sandal, slipper, trainer'],
  ['jacket', 'blazer, parka, anorak, hoodie'],
  ['coat', 'overcoat, raincoat'],
  ['glasses', 'spectacles, eyeglasses'],
  ['sunglass', 'sunglasses, shades'],
  ['bottle', 'flask'],
  ['lamp', 'lantern, chandelier'],
  ['light', 'streetlight, lightbulb, spotlight'],
  ['sign', 'signpost, billboard, stop sign'],
  ['pole', 'mast, lamppost'],
  ['picture', 'painting, poster, portrait'],
  ['photo', 'photograph, snapshot'],
  ['pillow', 'cushion'],
  ['curtain', 'drapes, blinds'],
  ['cabinet', 'cupboard, wardrobe, closet'],
  ['sink', 'basin, washbasin'],
  ['plate', 'dish, saucer'],
  ['food', 'meal, snack'],
  ['box', 'carton, crate, package'],
  ['basket', 'hamper'],
  ['leaf', 'foliage'],
  ['branch', 'twig, bough'],
  ['wave', 'surf, breaker'],
];

const labelsOf = new Map<string, string[]>();
for (const [label, words] of table) {
  for (const word of words.split(', ')) labelsOf.set(word, [...(labelsOf.get(word) ?? []), label]);
}

/** @returns the label of the vocabulary that a word outside it stands for; undefined for labels themselves and other words */
export function labelOfAlias(word: string, labels: readonly string[]): string | undefined {
  const name = word.trim().toLowerCase().replace(/\s+/g, ' ');
  if (labels.includes(name)) return undefined;
  for (const form of [name, ...singularsOf(name)]) {
    if (form !== name && labels.includes(form)) return form;
    const label = labelsOf.get(form)?.find((candidate) => labels.includes(candidate));
    if (label !== undefined) return label;
  }
  return undefined;
}

const byVocabulary = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

/** The words that stand for each label of this vocabulary: what a search for the label may be typed as. */
export function aliasesByLabel(labels: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = byVocabulary.get(labels);
  if (found) return found;
  const words = new Map<string, string[]>();
  for (const word of labelsOf.keys()) {
    const label = labelOfAlias(word, labels);
    if (label !== undefined) words.set(label, [...(words.get(label) ?? []), word]);
  }
  byVocabulary.set(labels, words);
  return words;
}
