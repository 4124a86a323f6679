package effects_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/extract/memory"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

var (
	fset     = token.NewFileSet()
	standard = importer.ForCompiler(fset, "source", nil)
	checking sync.Mutex
)

// kept keeps in memory what was joined.
type kept struct {
	data []byte
	gets int
}

func (k *kept) Get() ([]byte, bool) {
	k.gets++
	return k.data, k.data != nil
}

func (k *kept) Put(data []byte) { k.data = data }

// program joins the facts of one package, "p": anew, and with what was kept of that.
func program(t *testing.T, src string) (fresh, again *effects.Program, pkg *types.Package) {
	t.Helper()
	checking.Lock()
	defer checking.Unlock()
	file, err := parser.ParseFile(fset, t.Name()+".go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: standard, GoVersion: "go1.26"}
	pkg, err = conf.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	f := memory.Extract(memory.Package{
		Fset: fset, Types: pkg, Info: info, Files: []*ast.File{file},
		IsLocal: func(path string) bool { return path == "p" },
		Hidden:  func(path string) string { return path },
		Wrapped: func(types.Object) *types.Func { return nil },
		Units:   func(token.Pos) []facts.ID { return nil },
		IDOf:    idOf,
	})
	keeper := &kept{}
	fresh = effects.Join([]*facts.Effects{f}, nil, keeper)
	first := keeper.data
	again = effects.Join([]*facts.Effects{f}, nil, keeper)
	if keeper.gets != 2 || first == nil || &first[0] != &keeper.data[0] {
		t.Error("what was kept is not taken")
	}
	return fresh, again, pkg
}

func idOf(o types.Object) facts.ID {
	id := facts.ID{Name: o.Name()}
	if o.Pkg() != nil {
		id.Package = o.Pkg().Path()
	}
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		t := f.Signature().Recv().Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			id.Name = n.Obj().Name() + "." + id.Name
		} else {
			id.Name = "interface." + id.Name
		}
	}
	return id
}

// TestParameterWrites asks of each function whose name begins with Writes or Reads whether it writes to memory of its first parameter.
func TestParameterWrites(t *testing.T) {
	for name, src := range parameterWrites {
		t.Run(name, func(t *testing.T) {
			p, again, pkg := program(t, "package p\n"+src)
			asked := 0
			for _, name := range pkg.Scope().Names() {
				f, ok := pkg.Scope().Lookup(name).(*types.Func)
				if !ok {
					continue
				}
				writes, reads := strings.HasPrefix(name, "Writes"), strings.HasPrefix(name, "Reads")
				if !writes && !reads {
					continue
				}
				asked++
				w := p.ParamWrites(idOf(f), 0)
				if kept := again.ParamWrites(idOf(f), 0); !reflect.DeepEqual(w, kept) {
					t.Errorf("%s: with what is kept %+v, without %+v", name, kept, w)
				}
				switch {
				case writes && w == nil:
					t.Errorf("%s does not write", name)
				case writes && w.Line == 0:
					t.Errorf("%s writes nowhere", name)
				case reads && w != nil:
					t.Errorf("%s writes at line %d, by %v", name, w.Line, w.Functions)
				}
			}
			if asked == 0 {
				t.Error("nothing is asked")
			}
		})
	}
}

var parameterWrites = map[string]string{
	"direct": `
type T struct{ N int; M map[string]int; P *T; A [3]int; S []int }

func WritesField(t *T) { t.N = 1 }
func WritesMap(t *T) { t.M["x"] = 1 }
func WritesDeep(t *T) { t.P.P.N = 1 }
func WritesArray(t *T) { t.A[1] = 2 }
func WritesElement(s []int) { s[0] = 1 }
func WritesByValue(t T) { t.S[0] = 1 }
func WritesCopied(t T) { u := t; u.M["x"] = 1 }
func WritesRange(ts []*T) { for _, t := range ts { t.N++ } }
func WritesDelete(m map[string]int) { delete(m, "x") }
func WritesClear(m map[string]int) { clear(m) }
func WritesCopy(s []int) { copy(s, []int{1}) }
func WritesCut(s []int) { s = append(s[:0], 1); _ = s }
func WritesCutLater(s []int) []int { out := s[:0]; for _, x := range s { out = append(out, x) }; return out }
func WritesPointer(p **int) { **p = 1 }
func WritesSend(c chan int) { c <- 1 }
func WritesReceive(c chan int) int { return <-c }
func ReadsField(t *T) int { return t.N + t.A[1] + t.M["x"] }
func ReadsByValue(t T) int { t.N = 1; t.A[0] = 2; return t.N }
func ReadsAppend(s []int) []int { return append(s, 1) }
func ReadsRange(ts []T) (n int) { for _, t := range ts { t.N++; n += t.N }; return n }
func ReadsLocal(t *T) int { m := map[string]int{}; m["x"] = t.N; return m["x"] }
`,
	"rebound": `
import ("slices"; "maps"; "bytes")

type Options struct { Host string; Timeout int; Tags map[string]int }

func (o *Options) defaults() { if o.Timeout == 0 { o.Timeout = 10 } }

func ReadsCopied(opts *Options) int { o := *opts; opts = &o; opts.defaults(); return opts.Timeout }
func ReadsOther(opts *Options) int { o := *opts; o.defaults(); return o.Timeout }
func ReadsClone(xs []int) []int { xs = slices.Clone(xs); slices.Sort(xs); return xs }
func ReadsDefault(opts *Options) int { if opts == nil { opts = &Options{}; opts.Timeout = 3 }; return opts.Timeout }
func ReadsMaps(m map[string]int) map[string]int { m = maps.Clone(m); m["x"] = 1; return m }
func ReadsAppended(xs []int) []int { ys := append([]int(nil), xs...); ys[0] = 1; return ys }
func ReadsMake(xs []int) []int { ys := make([]int, len(xs)); copy(ys, xs); slices.Reverse(ys); return ys }
func ReadsBytes(b []byte) []byte { b = bytes.Clone(b); b[0] = 'x'; return b }
func WritesThroughCopy(opts *Options) { o := *opts; o.Tags["x"] = 1 }
func WritesBefore(xs []int) []int { slices.Sort(xs); xs = slices.Clone(xs); return xs }
func WritesSometimes(opts *Options) { if opts == nil { opts = &Options{} }; opts.Timeout = 3 }
func WritesElementsOfClone(xs []*Options) { xs = slices.Clone(xs); xs[0].Timeout = 1 }
`,
	"readers": `
import ("archive/zip"; "bufio"; "bytes"; "compress/gzip"; "encoding/binary"; "encoding/csv"; "encoding/json"; "encoding/xml"; "image/png"; "io"; "math/big"; "slices"; "strings")

func ReadsDirect(b []byte) (n int) { r := bytes.NewReader(b); for { if _, _, err := r.ReadRune(); err != nil { return n }; n++ } }
func ReadsBufio(b []byte) (n int) { r := bufio.NewReader(bytes.NewReader(b)); for { if _, _, err := r.ReadRune(); err != nil { return n }; n++ } }
func ReadsScanner(b []byte) (n int) { s := bufio.NewScanner(bytes.NewReader(b)); for s.Scan() { n++ }; return n }
func ReadsCSV(b []byte) ([][]string, error) { return csv.NewReader(bytes.NewReader(b)).ReadAll() }
func ReadsJSON(b []byte) (v map[string]string, err error) { d := json.NewDecoder(bytes.NewReader(b)); d.DisallowUnknownFields(); err = d.Decode(&v); return }
func ReadsUnmarshal(b []byte) (v map[string]string, err error) { err = json.Unmarshal(b, &v); return }
func ReadsXML(b []byte) (v struct{ T string }, err error) { err = xml.NewDecoder(bytes.NewReader(b)).Decode(&v); return }
func ReadsGzip(b []byte) ([]byte, error) { z, err := gzip.NewReader(bytes.NewReader(b)); if err != nil { return nil, err }; return io.ReadAll(z) }
func ReadsPNG(b []byte) (int, error) { m, err := png.Decode(bytes.NewReader(b)); if err != nil { return 0, err }; return m.Bounds().Dx(), nil }
func ReadsZip(b []byte) (names []string, err error) { z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); if err != nil { return nil, err }; for _, f := range z.File { names = append(names, f.Name) }; return }
func ReadsBinary(b []byte) (v struct{ N int32 }, err error) { err = binary.Read(bytes.NewReader(b), binary.BigEndian, &v); return }
func ReadsFull(b []byte) error { buf := make([]byte, 4); _, err := io.ReadFull(bytes.NewReader(b), buf); return err }
func ReadsBig(a, b *big.Int) string { return new(big.Int).Add(a, b).String() }
func ReadsBigChain(a, b *big.Int) *big.Int { z := new(big.Int).Mul(a, b); z.Sub(z, a).Neg(z); return z.Sqrt(z) }
func ReadsRat(a *big.Rat) *big.Rat { return new(big.Rat).Add(a, a).Inv(new(big.Rat)) }
func WritesBig(a *big.Int) *big.Int { return a.Add(a, a) }
func WritesBigChain(a *big.Int) string { return a.Neg(a).String() }
func WritesRemainder(r *big.Int) { new(big.Int).QuoRem(big.NewInt(3), big.NewInt(2), r) }
func WritesBits(w []big.Word) { z := new(big.Int).SetBits(w); z.Add(z, z) }
func ReadsBuffer(b []byte) string { var buf bytes.Buffer; buf.Write(b); buf.WriteString("x"); return buf.String() }
func ReadsCopyOf(b []byte) error { l := lexer{}; return l.load(bytes.NewReader(bytes.Clone(b))) }
func ReadsStringOf(b []byte) error { l := lexer{}; return l.load(strings.NewReader(string(b))) }
func ReadsCloneOf(b []byte) error { own := slices.Clone(b); l := lexer{}; return l.load(bytes.NewReader(own)) }
func ReadsAppendOf(b []byte) error { l := lexer{}; return l.load(bytes.NewReader(append([]byte(nil), b...))) }
func WritesInto(b []byte) error { _, err := io.ReadFull(strings.NewReader("x"), b); return err }
func WritesBinary(b []byte) { binary.BigEndian.PutUint32(b, 1) }
func WritesReader(r io.Reader) { io.ReadAll(r) }
func WritesRead(r *bytes.Reader) { r.ReadByte() }
func WritesOver(b []byte) { buf := bytes.NewBuffer(b); buf.Reset(); buf.WriteString("x") }
func WritesTarget(v map[string]int) { json.Unmarshal([]byte("{}"), &v) }

type lexer struct{ r *bufio.Reader }

func (l *lexer) load(in io.Reader) error { l.r = bufio.NewReader(in); _, _, err := l.r.ReadRune(); return err }
`,
	"calls": `
import ("sort"; "slices"; "fmt"; "reflect")

type T struct{ N int; Next *T }
type setter interface{ set(*T) }
type one struct{}
func (one) set(t *T) { t.N = 1 }
type byN []*T
func (b byN) Len() int { return len(b) }
func (b byN) Less(i, j int) bool { return b[i].N < b[j].N }
func (b byN) Swap(i, j int) { b[i], b[j] = b[j], b[i] }

func far(t *T, n int) { if n == 0 { t.N = 1 } else { far(t, n-1) } }
func get(t *T) *T { return t.Next }
func clone(t *T) *T { return &T{Next: t.Next} }
func each(ts []*T, f func(*T)) { for _, t := range ts { f(t) } }

func WritesFar(t *T) { far(t, 3) }
func WritesAccessor(t *T) { get(t).N = 1 }
func WritesInterface(t *T) { var s setter = one{}; s.set(t) }
func WritesLiteral(t *T) { f := func() { t.N = 1 }; f() }
func WritesCallback(ts []*T) { each(ts, func(t *T) { t.N = 1 }) }
func WritesSort(ts []*T) { sort.Sort(byN(ts)) }
func WritesReverse(ts []int) { sort.Sort(sort.Reverse(sort.IntSlice(ts))) }
func WritesSlice(ts []int) { sort.Slice(ts, func(i, j int) bool { return ts[i] < ts[j] }) }
func WritesInSort(ts []*T) { slices.SortFunc(slices.Clone(ts), func(a, b *T) int { a.N++; return 0 }) }
func WritesExpression(t *T) { f := (*T).bump; f(t) }
func WritesMethodValue(t *T) { f := t.bump; f() }
func WritesDeferred(t *T) { defer t.bump() }
func WritesGo(t *T) { go t.bump() }
func WritesTable(t *T) { for _, f := range []func(*T){(*T).bump} { f(t) } }
func WritesReflect(t *T) { reflect.ValueOf(t).Elem().Field(0).SetInt(1) }
func WritesSeq(ts []*T) { for t := range slices.Values(ts) { t.N = 1 } }
func WritesSwapper(ts []int) { reflect.Swapper(ts)(0, 1) }
func ReadsClone(t *T) int { c := clone(t); c.N = 1; return c.N }
func ReadsSorted(ts []*T) []*T { return slices.SortedFunc(slices.Values(ts), func(a, b *T) int { return a.N - b.N }) }
func ReadsPrinted(t *T) string { return fmt.Sprint(t, t.N) }
func ReadsOwnSort(ts []int) []int { own := append([]int{}, ts...); sort.Ints(own); return own }
func (t *T) bump() { t.N++ }
`,
	"callbacks": `
type T struct{ N int }
func each(ts []*T, f func(*T)) { for _, t := range ts { f(t) } }
func ReadsCallback(ts []*T) (n int) { each(ts, func(t *T) { n += t.N }); return n }
`,
	"chains": `
func WritesNear(p []int) { var a, b, c []int; for range 5 { if c != nil { c[0] = 1 }; c, b, a = b, a, p } }
func WritesFar(p []int) { var a, b, c, d, e, f, g, h, i, j []int; for range 12 { if j != nil { j[0] = 1 }; j = i; i = h; h = g; g = f; f = e; e = d; d = c; c = b; b = a; a = p } }
`,
	"generics": `
type N[T any] struct { v T; next *N[T] }
func (n *N[T]) set(v T) { n.v = v }
func first[T any](ts []T) *T { return &ts[0] }
func update[T any](ts []T, f func(*T)) { for i := range ts { f(&ts[i]) } }
func size[S ~[]E, E any](s S) int { return len(s) }
func WritesMethod(n *N[int]) { n.set(1) }
func WritesFirst(ts []int) { *first(ts) = 1 }
func WritesUpdate(ts []int) { update(ts, func(t *int) { *t = 1 }) }
func ReadsSize(ts []int) int { return size(ts) }
`,
}
