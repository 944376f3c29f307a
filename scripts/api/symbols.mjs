import ts from 'typescript'

const printer = ts.createPrinter({ removeComments: true })

/** What an exported name stands for. @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
export const resolve = (symbol, checker) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

/** An order that no locale changes. @param {ts.Symbol} a @param {ts.Symbol} b */
export const byName = (a, b) => (a.name < b.name ? -1 : 1)

/** Its declarations, without comments. @param {ts.Symbol} symbol */
export const print = ({ declarations = [] }) =>
  declarations
    .map((declaration) =>
      printer.printNode(ts.EmitHint.Unspecified, statementOf(declaration), declaration.getSourceFile()),
    )
    .join('\n')

/**
 * What the declarations of these symbols mention, at any depth: of what stands by itself in a file, and is `isOwn`.
 *
 * @param {ts.Symbol[]} symbols are not part of the result
 * @param {ts.TypeChecker} checker
 * @param {(declaration: ts.Declaration) => boolean} isOwn
 */
export function mentioned(symbols, checker, isOwn) {
  const known = new Set(symbols)
  /** @type {ts.Symbol[]} */
  const found = []
  const visit = (/** @type {ts.Node} */ node) => {
    const symbol = ts.isIdentifier(node) && checker.getSymbolAtLocation(node)
    const target = symbol && resolve(symbol, checker)
    if (target && !known.has(target) && target.declarations?.some((one) => isTopLevel(one) && isOwn(one))) {
      known.add(target)
      found.push(target)
      target.declarations.forEach(visit)
    }
    ts.forEachChild(node, visit)
  }
  for (const { declarations } of symbols) declarations?.forEach(visit)
  return found
}

/** A variable's own declaration is only `name: Type`; its statement says `const`. @param {ts.Declaration} declaration */
const statementOf = (declaration) =>
  ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration

/** @param {ts.Declaration} declaration */
const isTopLevel = (declaration) => ts.isSourceFile(statementOf(declaration).parent)
