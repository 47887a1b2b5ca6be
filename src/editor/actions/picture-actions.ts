import {
  Brush,
  Dices,
  FileText,
  Film,
  Frame,
  GitBranch,
  Grid2x2,
  History,
  Lock,
  Maximize2,
  Palette,
  Pencil,
  Sparkles,
  Star,
  Wrench,
  X,
  Zap,
} from 'lucide-react';
import { currentDocument, currentGraph } from '#editor/document/document-store.ts';
import { type CompareMode, findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { planContactSheet, type SheetEntry } from '#editor/painting/contact-sheet.ts';
import { cancelGeneration, generate } from '#editor/painting/engine.ts';
import { currentManifest, useEngine } from '#editor/painting/engine-store.ts';
import { missingTarget, startRepair } from '#editor/painting/repairable.ts';
import { drawSeed, isOverRecalled, settingsToPaint, useSettings } from '#editor/painting/settings-store.ts';
import { settingBounds } from '#engine/contract/generation-settings.ts';
import type { Action } from './action.ts';

const pictures = () => usePictures.getState();
const preferences = () => usePreferences.getState();
/** What comes of it, faults too, is told on the picture's side. */
const showPicture = () => useInterface.getState().showSide('picture');
const saveBranch = () => loadPart(() => import('#editor/files/branch/save-branch.ts'));
const hasPicture = () => findPicture(pictures().currentId) !== null;
const isRunning = () => useEngine.getState().run.type === 'running';

const compare = (mode: CompareMode, label: string): Action => ({
  id: `compare-${mode}`,
  label,
  group: 'picture',
  checked: () => pictures().mode === mode,
  enabled: () => mode === 'single' || findPicture(pictures().beforeId) !== null,
  run: () => pictures().setMode(mode),
});

/** The same graph under the seeds that follow: pick one, or the one that satisfies most. */
function planVariations(): void {
  showPicture();
  const [graph, document] = [currentGraph(), currentDocument()];
  const settings = settingsToPaint();
  if (!settings) return;
  const entryAt = (index: number): SheetEntry => {
    const seed = (settings.seed + index) % (settingBounds.seed.max + 1);
    return { caption: `Seed ${seed}`, graph, document, settings: { ...settings, seed } };
  };
  planContactSheet({ title: 'Variations', choices: [], entryAt });
}

/** The same graph and seed in every style of the model. */
function planStyles(): void {
  showPicture();
  const [graph, document] = [currentGraph(), currentDocument()];
  const settings = settingsToPaint();
  if (!settings) return;
  const entries = (currentManifest()?.styles ?? []).map((style) => ({
    caption: style,
    graph,
    document,
    settings: { ...settings, style },
  }));
  planContactSheet({ title: 'Every style', choices: [{ label: 'All', entries }] });
}

export const pictureActions: readonly Action[] = [
  {
    id: 'generate',
    label: 'Generate',
    keywords: ['paint', 'make the picture', 'run'],
    group: 'picture',
    icon: Sparkles,
    shortcuts: ['Mod+Enter'],
    inTextField: true,
    enabled: () => !isRunning(),
    run: () => {
      showPicture();
      return generate();
    },
  },
  {
    id: 'cancel',
    label: 'Cancel generation',
    keywords: ['stop'],
    group: 'picture',
    icon: X,
    shortcuts: ['Mod+.'],
    inTextField: true,
    enabled: isRunning,
    run: cancelGeneration,
  },
  {
    id: 'variations',
    label: 'Paint variations…',
    group: 'picture',
    icon: Grid2x2,
    shortcuts: ['Mod+Shift+Enter'],
    inTextField: true,
    enabled: () => !isRunning() && currentManifest() !== null,
    run: planVariations,
  },
  {
    id: 'sweep-styles',
    label: 'Paint in every style…',
    group: 'picture',
    icon: Palette,
    enabled: () => !isRunning() && (currentManifest()?.styles.length ?? 0) > 1,
    run: planStyles,
  },
  {
    id: 'dice',
    label: 'New seed',
    keywords: ['random seed'],
    group: 'picture',
    icon: Dices,
    shortcuts: ['D'],
    run: () => useSettings.getState().change({ seed: drawSeed() }),
  },
  {
    id: 'seed-lock',
    label: 'Keep the seed',
    group: 'picture',
    icon: Lock,
    checked: () => preferences().seedLocked,
    run: () => preferences().set({ seedLocked: !preferences().seedLocked }),
  },
  {
    id: 'live',
    label: 'Live: paint on every change',
    group: 'picture',
    icon: Zap,
    checked: () => preferences().live,
    run: () => preferences().set({ live: !preferences().live }),
  },
  {
    id: 'keep-rest',
    label: 'Keep the rest: paint only what a change reaches',
    group: 'picture',
    icon: Frame,
    checked: () => preferences().keepRest,
    run: () => preferences().set({ keepRest: !preferences().keepRest }),
  },
  {
    id: 'repair',
    label: 'Repair what is not found…',
    keywords: ['missing', 'not found', 'fix', 'try seeds'],
    group: 'picture',
    icon: Wrench,
    enabled: () => missingTarget() !== undefined,
    run: () => {
      const target = missingTarget();
      if (target) startRepair(target);
    },
  },
  {
    id: 'paint-over',
    label: 'Paint over with…',
    group: 'picture',
    icon: Brush,
    enabled: () =>
      !isRunning() &&
      currentManifest() !== null &&
      (pictures().currentId !== null || isOverRecalled(useSettings.getState())),
    run: () => {
      showPicture();
      useInterface.getState().show({ type: 'paint-over' });
    },
  },
  {
    id: 'star',
    label: 'Star this picture',
    group: 'picture',
    icon: Star,
    checked: () => findPicture(pictures().currentId)?.starred ?? false,
    enabled: () => pictures().currentId !== null,
    run: () => {
      const { currentId, star } = pictures();
      if (currentId !== null) star(currentId);
    },
  },
  {
    id: 'name-picture',
    label: 'Name this picture',
    keywords: ['rename'],
    group: 'picture',
    icon: Pencil,
    enabled: () => pictures().currentId !== null,
    run: () => {
      const { currentId } = pictures();
      if (currentId !== null) useInterface.getState().show({ type: 'name-picture', id: currentId });
    },
  },
  {
    id: 'manage-history',
    label: 'Manage the history: save all, clean up',
    keywords: ['delete pictures', 'remove pictures', 'clear the history'],
    group: 'picture',
    icon: History,
    enabled: () => pictures().records.length > 0,
    run: () => useInterface.getState().show({ type: 'history' }),
  },
  {
    id: 'history-tree',
    label: 'History as a tree',
    keywords: ['branches', 'what changed'],
    group: 'picture',
    icon: GitBranch,
    shortcuts: ['H'],
    checked: () => preferences().historyView === 'tree',
    enabled: () => pictures().records.length > 0,
    run: () => preferences().set({ historyView: preferences().historyView === 'tree' ? 'strip' : 'tree' }),
  },
  {
    id: 'branch-page',
    label: 'Export the branch as a page',
    keywords: ['lesson', 'html', 'hand out', 'what changed'],
    group: 'picture',
    icon: FileText,
    enabled: hasPicture,
    run: async () => (await saveBranch()).saveBranchPage(pictures().currentId),
  },
  {
    id: 'branch-gif',
    label: 'Export the branch as a GIF',
    keywords: ['lesson', 'animation', 'film'],
    group: 'picture',
    icon: Film,
    enabled: hasPicture,
    run: async () => (await saveBranch()).saveBranchGif(pictures().currentId),
  },
  {
    id: 'whole-picture',
    label: 'Look at the picture whole',
    keywords: ['full screen', 'enlarge', 'zoom picture'],
    group: 'picture',
    icon: Maximize2,
    shortcuts: [' '],
    onRelease: true,
    enabled: hasPicture,
    run: () => useInterface.getState().show({ type: 'whole-picture' }),
  },
  compare('single', 'Show one picture'),
  compare('side', 'Compare side by side'),
  compare('slider', 'Compare with a slider'),
  compare('difference', 'Show the difference'),
];
