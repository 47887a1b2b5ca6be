import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { stepBetween } from '#editor/history/step-words.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { describe as inWords } from '#graph/words/describe.ts';

interface BranchBarProps {
  readonly branch: readonly PictureRecord[];
  readonly currentId: string | null;
}

/** The branch of the picture on the stage: a slider along it, what changed at this place, and its way out. */
export function BranchBar({ branch, currentId }: BranchBarProps) {
  const place = branch.findIndex(({ id }) => id === currentId);
  const [before, current] = [branch[place - 1], branch[place]];
  const words =
    before && current
      ? stepBetween(before, current).sentences.join(', ')
      : inWords(current?.graph ?? EMPTY_SCENE_GRAPH);
  return (
    <div className="branch-bar">
      <input
        type="range"
        className="branch-slider"
        min={1}
        max={Math.max(1, branch.length)}
        value={place + 1}
        disabled={branch.length < 2}
        aria-label="Along the branch"
        aria-valuetext={`${place + 1} of ${branch.length}: ${words}`}
        onChange={({ target }) => {
          const chosen = branch[target.valueAsNumber - 1];
          if (chosen) usePictures.getState().show(chosen.id);
        }}
      />
      <span className="numeric branch-place" aria-hidden>
        {place + 1} of {branch.length}
      </span>
      <p className="branch-words" title={words}>
        {words || 'painted again'}
      </p>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className="button branch-export" title="From the first picture to the one on the stage">
          <Download size={14} aria-hidden />
          Export branch
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={5}>
            {(['branch-page', 'branch-gif'] as const).map((id, i) => (
              <DropdownMenu.Item key={id} className="menu-item" onSelect={() => void perform(actionOf(id).run)}>
                {['Page with pictures, graphs and changes', 'Animated GIF'][i]}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
