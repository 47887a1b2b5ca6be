/** CLIP's byte-pair encoding by @huggingface/tokenizers, from either of the two ways in which a package may hold it. */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';

/** A token of tokenizer_config.json or special_tokens_map.json: its text, alone or within an object. */
const token = v.union([
  v.string(),
  v.pipe(
    v.looseObject({ content: v.string() }),
    v.transform(({ content }) => content),
  ),
]);

export const tokenizerConfigSchema = v.looseObject({
  model_max_length: v.optional(v.number()),
  bos_token: v.nullish(token),
  eos_token: v.nullish(token),
  unk_token: v.nullish(token),
  pad_token: v.nullish(token),
  added_tokens_decoder: v.optional(v.looseObject({})),
});

type TokenizerConfig = v.InferOutput<typeof tokenizerConfigSchema>;

/**
 * As transformers reads the two: special_tokens_map.json decides, for Stable Diffusion 2's says "!" where its tokenizer_config.json says
 * <|endoftext|>; but for a configuration that numbers its special tokens (added_tokens_decoder), which is of a later time and whole in itself.
 */
export function tokenizerConfig(config: TokenizerConfig, specialTokens: TokenizerConfig): TokenizerConfig {
  return config.added_tokens_decoder ? { ...specialTokens, ...config } : { ...config, ...specialTokens };
}

const vocabularySchema = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000)));

export interface TokenizerFiles {
  /** tokenizer.json, or vocab.json and merges.txt. */
  readonly definition: { readonly json: unknown } | { readonly vocabulary: unknown; readonly merges: string };
  readonly config: TokenizerConfig;
}

/** What the library's Tokenizer is used for. */
interface Encoder {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
}

export class ClipTokenizer {
  /** Tokens of one prompt, its start and end included: 77. */
  readonly length: number;
  readonly #encoder: Encoder;
  readonly #start: number;
  readonly #end: number;
  readonly #padding: number;

  private constructor(encoder: Encoder, length: number, ids: { start: number; end: number; padding: number }) {
    this.#encoder = encoder;
    this.length = length;
    this.#start = ids.start;
    this.#end = ids.end;
    this.#padding = ids.padding;
  }

  /**
   * @param length of a prompt where the tokenizer's own configuration does not say
   * @throws EngineError model-damaged, naming the file
   */
  static async open({ definition, config }: TokenizerFiles, length: number): Promise<ClipTokenizer> {
    // With the first Stable Diffusion package, not with the app.
    const { Tokenizer } = await import('@huggingface/tokenizers');
    const start = config.bos_token ?? '<|startoftext|>';
    const end = config.eos_token ?? '<|endoftext|>';
    // CLIP's own pads with its end; Stable Diffusion 2's, which SD-Turbo has, with "!", which is number 0 wherever it stands in a text.
    const padding = config.pad_token ?? end;
    const json =
      'json' in definition
        ? definition.json
        : clipDefinition(definition, [start, end, padding], config.unk_token ?? end);
    let encoder: Encoder;
    try {
      encoder = new Tokenizer(json as object, config);
      encoder.encode('a', { add_special_tokens: false });
    } catch (error) {
      throw damaged(error instanceof Error ? error.message : String(error));
    }
    const idOf = (text: string): number => {
      const id = encoder.token_to_id(text);
      if (id === undefined) throw damaged(`the token “${text.slice(0, 40)}” is not in the vocabulary`);
      return id;
    };
    const declared = config.model_max_length;
    const isSaid = declared !== undefined && declared >= 3 && declared <= 10_000; // "very large" stands for no limit
    const ids = { start: idOf(start), end: idOf(end), padding: idOf(padding) };
    return new ClipTokenizer(encoder, isSaid ? Math.floor(declared) : length, ids);
  }

  /** Without start, end and padding. */
  encode(text: string): number[] {
    return this.#encoder.encode(text, { add_special_tokens: false }).ids;
  }

  /** How many tokens of text fit in one prompt. */
  get room(): number {
    return this.length - 2;
  }

  /** (length) start, text, end, padding; what is beyond `room` is cut off. */
  prompt(text: string): Int32Array {
    const ids = new Int32Array(this.length).fill(this.#padding);
    ids.set([this.#start, ...this.encode(text).slice(0, this.room), this.#end]);
    return ids;
  }

  /** Tokens of a text beyond `room`. */
  excess(text: string): number {
    return Math.max(0, this.encode(text).length - this.room);
  }
}

/** What tokenizer.json would say: CLIP lower-cases, splits words, numbers and signs, and marks the ends of words (Radford et al. 2021). */
function clipDefinition(
  files: { readonly vocabulary: unknown; readonly merges: string },
  specialTokens: readonly string[],
  unknown: string,
): object {
  const parsed = v.safeParse(vocabularySchema, files.vocabulary);
  if (!parsed.success) throw damaged('tokenizer/vocab.json is no list of tokens and numbers');
  const vocab = parsed.output;
  const lines = files.merges.split('\n').map((line) => line.trimEnd());
  const merges = lines.filter((line) => line !== '' && !line.startsWith('#version'));
  if (!merges.every((line) => line.split(' ').length === 2)) throw damaged('tokenizer/merges.txt does not hold pairs');
  const special = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: true };
  return {
    version: '1.0',
    added_tokens: [...new Set(specialTokens)].flatMap((content) =>
      Object.hasOwn(vocab, content) ? [{ id: vocab[content], content, ...special }] : [],
    ),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      unk_token: unknown,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
  };
}

const damaged = (reason: string): EngineError =>
  new EngineError('model-damaged', `The package’s tokenizer is damaged: ${reason}.`);
