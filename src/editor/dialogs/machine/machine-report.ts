/**
 * What paints here and how fast, as the screen shows it and a bug report takes it. Nothing private is in it: of a model that the user brought its
 * kind alone, of a picture how many steps it took and not of what.
 */

import type { PictureRecord } from '#editor/history/picture-record.ts';
import { counted } from '#editor/interface/counted.ts';
import { backendTitle } from '#editor/painting/models/backend-title.ts';
import type { EngineSnapshot } from '#engine/client/status.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Machine } from '#engine/contract/protocol.ts';
import { sizeText } from '#engine/contract/size-text.ts';

/** What only the browser can say. */
export interface BrowserFacts {
  readonly userAgent: string;
  /** The script that the page began with: its name tells one release from another. */
  readonly build: string;
  readonly cores: number;
  /** Whether memory can be shared among threads (COOP and COEP). */
  readonly isIsolated: boolean;
  /** Bytes of the page and its workers; undefined while it is measured, null where it cannot be. */
  readonly memory: number | null | undefined;
  readonly storage: { readonly usage: number; readonly quota: number; readonly isPersisted: boolean } | null;
}

export interface ReportSection {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** @param isBuiltIn whether the model in use came with the app, so that its name says nothing of the user */
export function machineReport(
  { status, notices, over }: Pick<EngineSnapshot, 'status' | 'notices' | 'over'>,
  last: PictureRecord | undefined,
  browser: BrowserFacts,
  isBuiltIn: (manifest: ModelFacts) => boolean,
): ReportSection[] {
  return [
    {
      title: 'Engine',
      rows: [...engineRows(status, isBuiltIn), ...(over ? [['Paints over', kindOf(over)] as const] : [])],
    },
    ...(last ? [{ title: 'Last picture', rows: pictureRows(last) }] : []),
    { title: 'Browser', rows: browserRows(browser) },
    ...(notices.length > 0
      ? [{ title: 'Notices', rows: notices.map(({ text }, i) => [String(i + 1), text] as const) }]
      : []),
  ];
}

export const reportText = (sections: readonly ReportSection[]): string =>
  [
    'Sgraffito engine report',
    ...sections.map(({ title, rows }) => [title, ...rows.map(([name, value]) => `  ${name}: ${value}`)].join('\n')),
    '',
  ].join('\n');

type Rows = ReportSection['rows'];

function engineRows(status: EngineSnapshot['status'], isBuiltIn: (manifest: ModelFacts) => boolean): Rows {
  if (status.type === 'loading') return [['Model', 'on its way']];
  // The sentence may name the user's files.
  if (status.type === 'failed') return [['Model', `none (${status.fault.code})`]];
  const { manifest, machine } = status;
  const { width, height } = manifest.image;
  return [
    ['Model', isBuiltIn(manifest) ? `${manifest.title}, as it came with the app` : `${kindOf(manifest)} of your own`],
    ['Pictures', `${width} × ${height}`],
    ['Backend', backendTitle(machine)],
    ['Adapter', machine.adapter ?? (machine.backend === 'webgpu' ? 'not told' : 'none: the processor paints')],
    ['Precision', machine.precision ?? 'single'],
    ...trialRows(machine),
  ];
}

const trialRows = ({ trial }: Machine): Rows => {
  if (!trial) return [];
  const { webgpu, processor, fault } = trial;
  const passes = `${webgpu === undefined ? '' : `WebGPU ${time(webgpu)}, `}processor ${time(processor)} a pass`;
  return [['Trial', fault === undefined ? passes : `${passes}. ${fault}`]];
};

const kindOf = ({ kind }: ModelFacts): string =>
  kind === 'picturebook' ? 'a package of this trainer' : 'a Stable Diffusion package';

function pictureRows({ result, settings, over, keep }: PictureRecord): Rows {
  const { stages, milliseconds, backend } = result;
  const { steps, sampler } = over?.settings ?? settings;
  const how = over ? ', painted over' : keep ? ', the rest kept' : '';
  const whole = ['Whole', `${time(milliseconds)} on ${backend}, ${sampler}, ${steps} steps${how}`] as const;
  if (!stages) return [whole];
  const { read, denoise, decode, preview, verify } = stages;
  return [
    whole,
    ['Graph', time(read)],
    ['Denoiser', time(denoise)],
    ['Decoder', time(decode)],
    ['Previews', time(preview)],
    ['Verifier', time(verify)],
    ['Around them', time(Math.max(0, milliseconds - read - denoise - decode - preview - verify))],
  ];
}

const time = (milliseconds: number): string => `${Math.round(milliseconds).toLocaleString('en')} ms`;

function browserRows({ userAgent, build, cores, isIsolated, memory, storage }: BrowserFacts): Rows {
  return [
    ['Processor', `${counted(cores, 'core')}${isIsolated ? '' : ', one in use: the page is not isolated'}`],
    ['Memory', memory === undefined ? 'is being measured' : memory === null ? 'not told' : sizeText(memory)],
    [
      'Storage',
      storage
        ? `${sizeText(storage.usage)} of ${sizeText(storage.quota)}, ${storage.isPersisted ? 'kept' : 'may be cleared by the browser'}`
        : 'not told',
    ],
    ['Release', build],
    ['Browser', userAgent],
  ];
}
