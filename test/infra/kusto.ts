import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What this uses of Kusto's own language service. Its declarations are 25,000 lines of globals. */
interface KustoLanguage {
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: unknown): Code };
  readonly Symbols: {
    readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string, description: null) => unknown };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly unknown[]) => unknown };
  };
}

interface Code {
  readonly Syntax: Node;
  GetDiagnostics(): List<{ readonly Severity: string; readonly Message: string; readonly Start: number }>;
}

interface List<Item> {
  readonly Count: number;
  getItem(index: number): Item;
}

interface Node {
  readonly ChildCount: number;
  GetChild(index: number): Node | null;
  ToString(): string;
  readonly Expression?: Node & { readonly ResultType?: { readonly Name: string } | null };
  readonly Selector?: Node;
}

export interface Analysis {
  /** Everything the language service objects to: syntax, unknown tables, columns and functions, wrong types. */
  readonly diagnostics: readonly string[];
  /** Names that are read from a dynamic value: `e.runId`, `e["count"]`. */
  readonly fields: readonly string[];
}

// What Application Insights keeps, as far as we ask: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete
const COMMON =
  'timestamp:datetime, itemId:string, itemType:string, itemCount:int, _BilledSize:real, customDimensions:dynamic, operation_Id:string, operation_Name:string, cloud_RoleName:string, cloud_RoleInstance:string';
const TABLES: Readonly<Record<string, string>> = {
  traces: 'message:string, severityLevel:int',
  requests: 'id:string, name:string, success:string, resultCode:string, duration:real, performanceBucket:string',
  exceptions: 'type:string, outerMessage:string, problemId:string, severityLevel:int',
  dependencies: 'id:string, name:string, target:string, type:string, success:string, resultCode:string, duration:real',
};

/** Binds a query against the tables of Application Insights. */
export type Analyse = (query: string) => Analysis;

/** Loading takes a second; do it once a file. */
export function loadAnalyser(): Analyse {
  const load = createRequire(join(process.cwd(), 'package.json'));
  // Scripts for a browser: what they make is global.
  for (const script of ['bridge.js', 'Kusto.Language.Bridge.js']) load(`@kusto/language-service-next/${script}`);
  const { GlobalState, KustoCode, Symbols } = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto
    .Language;
  const tables = Object.entries(TABLES).map(
    ([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${COMMON}, ${columns})`, null),
  );
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('insights', tables));
  return (query) => {
    const code = KustoCode.ParseAndAnalyze(query, globals);
    const diagnostics = itemsOf(code.GetDiagnostics()).map(
      ({ Severity, Message, Start }) => `${Severity} at ${Start}: ${Message}`,
    );
    return { diagnostics, fields: [...new Set(fieldsIn(code.Syntax))] };
  };
}

function itemsOf<Item>(list: List<Item>): readonly Item[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}

function fieldsIn(node: Node): readonly string[] {
  const children = Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index));
  const inner = children.flatMap((child) => (child === null ? [] : fieldsIn(child)));
  const isOfDynamic = node.Selector !== undefined && node.Expression?.ResultType?.Name === 'dynamic';
  return isOfDynamic ? [...inner, nameOf(node.Selector)] : inner;
}

/** `runId`, or the text in `["count"]`. */
function nameOf(selector: Node): string {
  return selector
    .ToString()
    .trim()
    .replace(/^\[?["']?|["']?\]?$/g, '');
}
