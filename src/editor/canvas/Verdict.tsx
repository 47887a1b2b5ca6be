import { Check, HelpCircle, X } from 'lucide-react';
import type { Verdict as VerdictName } from '#engine/contract/protocol.ts';

const words: Readonly<Record<VerdictName, string>> = {
  found: 'found in the picture',
  missing: 'not found in the picture',
  unsure: 'perhaps in the picture',
};

const icons = { found: Check, missing: X, unsure: HelpCircle };

/** What the verifier says of one node or edge. */
export function Verdict({ verdict }: { verdict: VerdictName }) {
  const Icon = icons[verdict];
  return (
    <span className="verdict" data-verdict={verdict} role="img" aria-label={words[verdict]} title={words[verdict]}>
      <Icon size={11} strokeWidth={3} aria-hidden />
    </span>
  );
}
