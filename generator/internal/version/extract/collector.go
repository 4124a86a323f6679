package extract

import (
	"go/ast"
	"go/types"
	"maps"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Collector summarises packages one at a time, each after those it imports. It is safe for concurrent use.
type Collector struct {
	mu sync.Mutex
	// named are the constants so far that depend on the target.
	named map[facts.ID]bool
}

// NewCollector returns a collector for packages beside those whose summaries are known.
func NewCollector(known []*facts.Summary) *Collector {
	return &Collector{named: knownConstants(known)}
}

// Summarize summarises a package of a program.
func (c *Collector) Summarize(prog *load.Program, p *load.Package) *facts.Summary {
	return summarize(prog, p, c.Learn(p))
}

// Learn adds the constants of a package that depend on the target, and returns all that are known.
func (c *Collector) Learn(p *load.Package) targetConstants {
	c.mu.Lock()
	constants := targetConstants{maps.Clone(c.named), map[*types.Const]ast.Expr{}}
	c.mu.Unlock()
	constants.addAll(p)
	c.mu.Lock()
	maps.Copy(c.named, constants.named)
	c.mu.Unlock()
	return constants
}

// FuncHash returns what tells the local hash of a function of a package whose packages before were summarised, as its syntax is then: for
// experiments that change it.
func (c *Collector) FuncHash(prog *load.Program, p *load.Package) func(*ast.File, *ast.FuncDecl) [32]byte {
	constants := c.Learn(p)
	return func(file *ast.File, f *ast.FuncDecl) [32]byte {
		s := newSummarizer(prog, p, constants)
		d := declarer{summarizer: s, file: file, perIteration: true}
		e := d.encode(facts.Function, facts.ID{Package: "p", Name: "f"}, f)
		fn := p.Info.Defs[f.Name].(*types.Func)
		d.signature(e, f, fn)
		e.results = append(e.results, fn.Signature().Results())
		e.block(f.Body)
		return facts.LocalHash(e.done(), nil)
	}
}

// CarriesBehaviour returns what tells whether a value of a type, in a package, can hold something that code unknown at this place made.
func CarriesBehaviour(prog *load.Program, p *load.Package) func(types.Type) bool {
	return newSummarizer(prog, p, targetConstants{}).carriesBehaviour
}
