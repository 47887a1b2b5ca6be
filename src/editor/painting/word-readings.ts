/** What the loaded model makes of words outside its vocabulary, asked once per word. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { WordReading } from '#engine/contract/protocol.ts';
import { readWords } from './engine.ts';
import { useManifest } from './engine-store.ts';

interface ReadingsState {
  /** Of this model. */
  readonly manifest: ModelFacts | null;
  readonly readings: Readonly<Record<string, WordReading>>;
}

const useReadings = create<ReadingsState>()(() => ({ manifest: null, readings: {} }));

/** Words that are asked for in one go. */
const waiting = new Set<string>();
/** Typing has paused for this long. */
const PAUSE_MS = 140;
let timer: ReturnType<typeof setTimeout> | undefined;

function ask(manifest: ModelFacts, word: string): void {
  waiting.add(word);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const words = [...waiting];
    waiting.clear();
    const answers = Object.fromEntries((await readWords(words)).map((reading) => [reading.word, reading]));
    const { manifest: before, readings } = useReadings.getState();
    useReadings.setState({ manifest, readings: before === manifest ? { ...readings, ...answers } : answers });
  }, PAUSE_MS);
}

/** Undefined for the empty word, while no model is loaded, and until the answer is there. */
export function useReading(word: string): WordReading | undefined {
  const manifest = useManifest();
  const reading = useReadings((state) => (state.manifest === manifest ? state.readings[word] : undefined));
  useEffect(() => {
    if (manifest && word !== '' && !reading) ask(manifest, word);
  }, [manifest, word, reading]);
  return reading;
}

/** "lamb → near sheep", or that the word is not known. */
export function sayReading(reading: WordReading): string {
  switch (reading.by) {
    case 'label':
      return reading.word;
    case 'alias':
      return `Painted as ${reading.label}.`;
    case 'meaning':
      return `Painted as what its meaning is nearest to: ${reading.label}.`;
    case 'text':
      return 'Read as it stands.';
    case 'unknown':
      return `The model does not know “${reading.word}”.`;
    default:
      return reading satisfies never;
  }
}
