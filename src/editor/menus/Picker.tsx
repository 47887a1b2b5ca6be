import { Popover } from 'radix-ui';
import { useMemo, useRef } from 'react';
import { shownObject, shownRelation } from '#editor/actions/focused.ts';
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import {
  branch,
  changePredicate,
  createObject,
  createObjects,
  describeAs,
  relabel,
  relate,
  toggleAttribute,
} from '#editor/document/gestures.ts';
import {
  attributeGroups,
  labelGroups,
  paintsAttributes,
  partnerGroups,
  predicateGroups,
  type WordGroup,
} from '#editor/document/vocabulary.ts';
import { isComposing } from '#editor/interface/composing.ts';
import { type Picker as Request, useInterface } from '#editor/interface/interface-store.ts';
import { hasDialog } from '#editor/interface/keep-focus.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { addBranch, addRelation, relabelRelation } from '#graph/edits.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Phrase } from '#graph/words/phrase.ts';
import { alignOn, anchorOf } from './picker-anchor.ts';
import { WordPicker } from './WordPicker.tsx';

/** Pixels that the list and the air beside it take at most. */
const WIDTH = 292;

/** What "twenty dogs" may add. */
const MOST_AT_ONCE = 20;

interface Question {
  readonly title: string;
  readonly placeholder: string;
  readonly groups: readonly WordGroup[];
  readonly kind: 'label' | 'predicate' | 'attribute';
  readonly note?: string;
  readonly current?: string;
  readonly answer: (word: string) => void;
  /** What the answer would make of the graph, where a picture can show it. */
  readonly outcome?: (word: string) => SceneGraph;
  /** Where words for an object may say more than its label. */
  readonly phrase?: (phrase: Phrase) => void;
  /** Up to this many objects. */
  readonly most?: number;
  /** Stays open for the next word, until Escape. */
  readonly stays?: true;
}

/** The one combobox of the canvas: it asks for a label, a predicate or an attribute where the hand is. */
export function Picker() {
  const request = useInterface((state) => state.picker);
  const pick = useInterface((state) => state.pick);
  const graph = useGraph();
  const manifest = useManifest();
  const anchor = useMemo(() => request && { current: anchorOf(request) }, [request]);
  const takeTyped = useRef<() => void>(null);
  const isLeft = useRef(false);
  if (!request || !anchor) return null;
  const question = ask(request, graph, manifest, pick);
  if (!question) return null;
  const isRename = request.type === 'relabel' || request.type === 'predicate';
  return (
    <Popover.Root open onOpenChange={(open) => !open && pick(null)}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          className="popover picker"
          data-renames={isRename ? request.type : undefined}
          side="bottom"
          align={isRename ? alignOn(anchor.current.getBoundingClientRect(), WIDTH) : 'start'}
          sideOffset={isRename ? 0 : 6}
          collisionPadding={12}
          // The view may move beneath it.
          updatePositionStrategy={isRename ? 'always' : 'optimized'}
          aria-label={question.title}
          onEscapeKeyDown={(event) => isComposing(event) && event.preventDefault()}
          onInteractOutside={() => {
            isLeft.current = true;
            takeTyped.current?.();
          }}
          onCloseAutoFocus={(event) => {
            // Back to the canvas, so that the next key goes on from there; whoever pressed elsewhere is there already.
            event.preventDefault();
            if (!isLeft.current && !hasDialog()) focusElement(request);
            isLeft.current = false;
          }}
        >
          <WordPicker
            key={question.title}
            {...question}
            isRename={isRename}
            takeTyped={takeTyped}
            onChoose={(word) => {
              if (!question.stays) pick(null);
              if (word !== question.current) question.answer(word);
            }}
            {...(question.phrase && {
              onPhrase: (phrase: Phrase) => {
                pick(null);
                question.phrase?.(phrase);
              },
            })}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ask(
  request: Request,
  graph: SceneGraph,
  manifest: ModelFacts | null,
  pick: (picker: Request | null) => void,
): Question | null {
  const label = (id: string) => graph.objects.find((object) => object.id === id)?.label;
  const labels = { kind: 'label', placeholder: 'Object…', groups: labelGroups(manifest, graph) } as const;
  const predicates = (subject?: string, object?: string) =>
    ({
      kind: 'predicate',
      placeholder: 'Relation…',
      groups: predicateGroups(manifest, graph, subject, object),
    }) as const;
  switch (request.type) {
    case 'object':
      return {
        ...labels,
        title: 'Add object',
        answer: (word) => createObject(word, request.position),
        phrase: (phrase) => createObjects(phrase, request.position),
        most: MOST_AT_ONCE,
      };
    case 'relabel': {
      const current = label(request.id);
      if (current === undefined) return null;
      return {
        ...labels,
        title: `Relabel ${current}`,
        current,
        answer: (word) => relabel(request.id, word),
        phrase: (phrase) => describeAs(request.id, phrase),
      };
    }
    case 'attributes': {
      const labels = graph.objects.filter(({ id }) => request.ids.includes(id)).map(({ label: word }) => word);
      if (labels.length === 0) return null;
      return {
        kind: 'attribute',
        placeholder: 'Attribute…',
        groups: attributeGroups(manifest, graph, request.ids),
        title: `Attributes of ${labels.length === 1 ? labels[0] : `${labels.length} objects`}`,
        ...(manifest &&
          !paintsAttributes(manifest) && {
            note: `${manifest.title} paints no attributes: they stay in the graph and its files, and change no picture.`,
          }),
        stays: true,
        answer: (word) => toggleAttribute(request.ids, word),
      };
    }
    case 'relation': {
      const [subject, object] = [label(request.subject), label(request.object)];
      if (subject === undefined || object === undefined) return null;
      return {
        ...predicates(subject, object),
        title: `${subject} … ${object}`,
        answer: (word) => relate(request.subject, word, request.object),
        outcome: (word) => addRelation(graph, { ...request, predicate: word }).graph,
      };
    }
    case 'predicate': {
      const relation = graph.relations.find(({ id }) => id === request.id);
      if (!relation) return null;
      return {
        ...predicates(label(relation.subject), label(relation.object)),
        title: `${label(relation.subject)} … ${label(relation.object)}`,
        current: relation.predicate,
        answer: (word) => changePredicate(request.id, word),
        outcome: (word) => relabelRelation(graph, request.id, word),
      };
    }
    case 'branch': {
      const subject = label(request.subject);
      if (subject === undefined) return null;
      const { object: chosen } = request;
      if (chosen === undefined) {
        return {
          ...labels,
          groups: partnerGroups(manifest, graph, subject),
          title: `${subject} … what?`,
          answer: (word) => pick({ ...request, object: { label: word, attributes: [] } }),
          phrase: (phrase) => pick({ ...request, object: phrase }),
        };
      }
      return {
        ...predicates(subject, chosen.label),
        title: `${subject} … ${[...chosen.attributes, chosen.label].join(' ')}`,
        answer: (word) => branch(request.subject, word, chosen, request.position),
        outcome: (word) => {
          const { given } = useDocument.getState().history;
          const object = { ...chosen, position: request.position };
          return addBranch(graph, { subject: request.subject, predicate: word, object }, given).graph;
        },
      };
    }
    default:
      return request satisfies never;
  }
}

function focusElement(request: Request): void {
  const id =
    request.type === 'attributes'
      ? request.ids[0]
      : request.type === 'relabel' || request.type === 'predicate'
        ? request.id
        : undefined;
  if (id === undefined) return;
  const element = request.type === 'predicate' ? shownRelation(id) : shownObject(id);
  element?.focus({ preventScroll: true });
}
