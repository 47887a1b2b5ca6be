import { predicateGroups } from '#editor/document/vocabulary.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { sayReading, useReading } from '#editor/painting/word-readings.ts';
import { findObject } from '#graph/edits.ts';
import type { OpenRelation, SentenceReading } from '#graph/sentence/spoken-scene.ts';
import type { WordRole } from '#graph/sentence/tagged-words.ts';
import { describe as inWords, namesOf } from '#graph/words/describe.ts';

interface UnderstoodProps {
  readonly reading: SentenceReading;
  /** Predicates chosen for the words of open relations; '' leaves them out. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly onChoose: (words: string, predicate: string) => void;
}

const roleNames: Readonly<Record<WordRole, string | undefined>> = {
  object: 'object',
  attribute: 'attribute',
  number: 'number',
  relation: 'relation',
  grammar: undefined,
  unknown: 'not understood',
};

/** What became of a text: every word marked by its part, the graph in words, and what could not be used. */
export function Understood({ reading, chosen, onChoose }: UnderstoodProps) {
  const manifest = useManifest();
  const { graph, open, words, notes } = reading;
  const inRelation = new Set(open.flatMap((relation) => relation.words.split(' ')));
  const unknown = words.filter(({ text, role }) => role === 'unknown' && !inRelation.has(text));
  const labels = [...new Set(graph.objects.map(({ label }) => label))];
  const known = manifest?.vocabulary.objects ?? labels;
  const byWords = open.filter(({ words: name }, i) => open.findIndex((other) => other.words === name) === i);
  return (
    <section className="understood" aria-label="Understood">
      <p className="understood-words">
        {words.map(({ text, role }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words repeat, and have no other identity than their place
          <span key={i} data-role={role} title={roleNames[role]}>
            {text}{' '}
          </span>
        ))}
      </p>
      <div role="status">
        {graph.objects.length === 0 ? (
          <p>No object was understood yet.</p>
        ) : (
          <ul className="understood-graph" aria-label="Graph">
            {inWords(graph)
              .split('; ')
              .map((line) => (
                <li key={line}>{line}</li>
              ))}
          </ul>
        )}
        {unknown.length > 0 && (
          <p className="understood-unknown">
            Not understood: {unknown.map(({ text }) => `“${text}”`).join(', ')}. The rest goes without.
          </p>
        )}
        {notes.map((note) => (
          <p key={note} className="understood-note">
            {note}
          </p>
        ))}
        {labels
          .filter((label) => !known.includes(label))
          .map((label) => (
            <UnknownLabel key={label} label={label} />
          ))}
      </div>
      {byWords.map((relation) => (
        <OpenRelationField
          key={relation.words}
          relation={relation}
          reading={reading}
          value={chosen[relation.words] ?? ''}
          onChoose={(predicate) => onChoose(relation.words, predicate)}
        />
      ))}
    </section>
  );
}

/** A name outside the vocabulary, and what the model will make of it. */
function UnknownLabel({ label }: { label: string }) {
  const reading = useReading(label);
  if (!reading) return null;
  const isUnknown = reading.by === 'unknown';
  return (
    <p className={isUnknown ? 'understood-unknown' : 'understood-note'}>
      “{label}”: {sayReading(reading)}
      {isUnknown && ' It is added; give it another word before you generate.'}
    </p>
  );
}

function OpenRelationField({
  relation,
  reading: { graph },
  value,
  onChoose,
}: {
  relation: OpenRelation;
  reading: SentenceReading;
  value: string;
  onChoose: (predicate: string) => void;
}) {
  const manifest = useManifest();
  const names = namesOf(graph);
  const label = (id: string) => findObject(graph, id).label;
  const groups = predicateGroups(manifest, graph, label(relation.subject), label(relation.object));
  return (
    <label className="understood-open">
      <span>
        This model has no relation “{relation.words}” ({names.get(relation.subject)} … {names.get(relation.object)}).
        Use
      </span>
      <select className="input" value={value} onChange={(event) => onChoose(event.target.value)}>
        <option value="">none: leave it out</option>
        {groups.map(({ heading, words }) => (
          <optgroup key={heading} label={heading}>
            {words.map((word) => (
              <option key={word}>{word}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
