import type { Registers, SensitivityEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Dataset } from '../rules/dataset.ts';
import { threshold } from '../rules/threshold.ts';
import { type DatasetEvidence, datasetEvidence, hasData, ownColumns, ownColumnsOfPeople } from './dataset-evidence.ts';
import { describeTable } from './describe-table.ts';
import type { DetectContext, Detector } from './detector.ts';
import { type MicrodataScore, scoreMicrodata } from './microdata-score.ts';
import { recogniseRows } from './recognise-rows.ts';
import { smallCells } from './small-cells.ts';
import { type TableView, viewTable } from './table-view.ts';
import { type PlacedTable, tablesInTurns } from './tables-of.ts';

/** Finds tables whose rows are people or homes: of a registered dataset, of a known one, or by their shape alone. */
export const recordLevel: Detector = {
  name: 'record-level',
  async detect(message, context) {
    const findings: Finding[] = [];
    for (const placed of await tablesInTurns(message, context)) {
      findings.push(...judgeTable(placed, context));
      await context.turn?.();
    }
    return findings;
  },
};

/** Rows that a sketch recognises belong to its entry, and to no other of the same schema: another year's, with other recipients. */
function judgeTable(placed: PlacedTable, context: DetectContext): readonly Finding[] {
  const owners = recogniseRows(placed.table, context).map(({ entry }) => entry);
  const [owner] = owners;
  if (owner === undefined) return judgeContent(placed, context, entriesWithSchema(context.registers));
  return judgeContent(placed, context, owners).map((finding) =>
    finding.weight?.startsWith('unregistered') === true
      ? { ...finding, entry: owner.id, weight: 'protected' }
      : finding,
  );
}

const withSchema = new WeakMap<Registers, readonly SensitivityEntry[]>();

/** The entries that say what their columns are; a register may have thousands that are known by a sketch alone. */
function entriesWithSchema(registers: Registers): readonly SensitivityEntry[] {
  const before = withSchema.get(registers);
  if (before !== undefined) return before;
  const found = registers.sensitivity.filter(({ dataset, columns }) => dataset !== null || columns.length > 0);
  withSchema.set(registers, found);
  return found;
}

function judgeContent(
  placed: PlacedTable,
  context: DetectContext,
  entries: readonly SensitivityEntry[],
): readonly Finding[] {
  const { rules } = context;
  const view = viewTable(placed.table);
  if (view.total < threshold(rules.thresholds, 'datasetRowsFlag')) return judgeShape(placed, view, context);
  const score = scoreMicrodata(view, rules.identifiers, rules.thresholds);
  const filled = hasData(view);
  const registered = entries.flatMap((entry) => {
    const dataset = rules.datasets.find((one) => one.id === entry.dataset) ?? null;
    const evidence =
      (filled ? bySchema(dataset, entry, view) : null) ??
      ownColumnsOfPeople(dataset, entry, view, score, rules.thresholds);
    return evidence === null ? [] : [datasetFinding(placed, view, score, { entry, dataset, evidence }, context)];
  });
  if (registered.length > 0) return registered;
  if (!filled) return judgeShape(placed, view, context, score);
  const known = rules.datasets.flatMap((dataset) => {
    const evidence = datasetEvidence(dataset, view, null);
    return evidence === null ? [] : [{ entry: null, dataset, evidence }];
  });
  const best = known.toSorted((a, b) => b.evidence.columns - a.evidence.columns)[0];
  return best === undefined
    ? judgeShape(placed, view, context, score)
    : [datasetFinding(placed, view, score, best, context)];
}

function bySchema(dataset: Dataset | null, entry: SensitivityEntry, view: TableView): DatasetEvidence | null {
  const evidence = dataset === null ? null : datasetEvidence(dataset, view, entry);
  if (evidence !== null) return evidence;
  const columns = ownColumns(entry, view);
  return columns === 0 ? null : { by: 'names', columns, sensitive: true };
}

interface Recognised {
  readonly entry: SensitivityEntry | null;
  readonly dataset: Dataset | null;
  readonly evidence: DatasetEvidence;
}

function datasetFinding(
  placed: PlacedTable,
  view: TableView,
  score: MicrodataScore,
  { entry, dataset, evidence }: Recognised,
  { rules }: DetectContext,
): Finding {
  // A handful of rows, or only administrative columns, is worth a record but not a hold.
  const grave = evidence.sensitive && view.total >= threshold(rules.thresholds, 'datasetRows');
  return {
    detector: 'record-level',
    rule: dataset === null ? 'registered-columns' : `${dataset.id}-by-${evidence.by}`,
    entry: entry?.id ?? null,
    path: placed.path,
    span: placed.span,
    severity: grave ? 'high' : 'low',
    summary: describeTable(
      view.total,
      dataset?.rows ?? 'records',
      { title: dataset?.title ?? entry?.title ?? 'a registered dataset', evidence },
      score,
      { hidden: placed.table.hidden, pasted: placed.span !== null },
    ),
    weight: !grave ? 'notable' : entry === null ? 'unregistered' : 'protected',
  };
}

function judgeShape(
  placed: PlacedTable,
  view: TableView,
  { rules }: DetectContext,
  scored?: MicrodataScore,
): readonly Finding[] {
  const limit = (name: string) => threshold(rules.thresholds, name);
  if (view.total < limit('shapeRowsGrave')) return [];
  const score = scored ?? scoreMicrodata(view, rules.identifiers, rules.thresholds);
  if (!score.people) return judgeSmallCells(placed, view, rules);
  const hold =
    score.points >= limit('shapeHoldPoints') &&
    (score.grave || score.identifying) &&
    (score.grave ? view.total >= limit('shapeRowsGrave') : view.total >= limit('shapeRowsPlain'));
  const flag =
    (score.points >= limit('shapeFlagPoints') && view.total >= limit('shapeRowsFlag')) ||
    (score.coded && score.points > 0 && view.total >= limit('codedRows'));
  if (!hold && !flag) return judgeSmallCells(placed, view, rules);
  return [
    {
      detector: 'record-level',
      rule: hold ? 'people-by-shape' : 'microdata-by-shape',
      entry: null,
      path: placed.path,
      span: placed.span,
      severity: hold ? 'high' : 'low',
      summary: describeTable(view.total, 'people or homes', null, score, {
        hidden: placed.table.hidden,
        pasted: placed.span !== null,
      }),
      weight: hold ? 'unregistered' : 'unregistered-plain',
    },
  ];
}

function judgeSmallCells(placed: PlacedTable, view: TableView, rules: CompiledRules): readonly Finding[] {
  const found = smallCells(view, rules.identifiers, rules.thresholds);
  if (found === null) return [];
  return [
    {
      detector: 'record-level',
      rule: 'small-cells',
      entry: null,
      path: placed.path,
      span: placed.span,
      severity: 'medium',
      summary: `A table of small areas with ${found.cells} counts below ${found.below} of something sensitive, in ${found.columns} ${found.columns === 1 ? 'column' : 'columns'}: few enough to single people out.`,
      weight: 'notable',
    },
  ];
}
