package programs

// root is a cached function of a parameter n.
type root struct {
	name string
	// decls are the function and what it needs. Its result depends on $R.
	decls []string
	// injected are declarations in a package that main knows and the function's package need not know; call says out·Impl# for them.
	injected []string
	// call calls it.
	call string
}

var roots = []root{
	{name: "cached function", decls: []string{"//cache:auto\nfunc F#(n int) string { return fmt.Sprint($R, n) }"}, call: "here·F#(n)"},
	{name: "cached function with error", decls: []string{"//cache:auto\nfunc F#(n int) (int, error) { return $R + n, nil }"}, call: "fmt.Sprint(here·F#(n))"},
	{name: "cached method", decls: []string{"type Svc# struct{ K int }", "//cache:auto\nfunc (s Svc#) F(n int) int { return ($R)*s.K + n }"}, call: "fmt.Sprint(here·Svc#{3}.F(n))"},
	{name: "cached pointer method", decls: []string{"type Svc# struct{ K int }", "//cache:auto\nfunc (s *Svc#) F(n int) int { return ($R)*s.K + n }"}, call: "fmt.Sprint((&here·Svc#{3}).F(n))"},
	{name: "cached function of a struct", decls: []string{"type In# struct{ N int }", "//cache:auto\nfunc F#(in In#, words []string) map[string]int {\n\treturn map[string]int{words[0]: in.N + $R}\n}"}, call: "fmt.Sprint(here·F#(here·In#{n}, []string{`w`}))"},
	{
		name: "injected interface", decls: []string{"type Dep# interface{ Get(int) int }", "//cache:auto ignore=d\nfunc F#(d Dep#, n int) int { return d.Get(n) + $R }"},
		injected: []string{"type Impl# struct{ K int }", "func (i *Impl#) Get(n int) int { return n + i.K + $k }"}, call: "fmt.Sprint(here·F#(new(out·Impl#), n))",
	},
	{
		name: "injected method expression", decls: []string{"type Dep# interface{ Get(int) int }", "//cache:auto ignore=d\nfunc F#(d Dep#, n int) int { f := Dep#.Get; return f(d, n) + $R }"},
		injected: []string{"type Impl# struct{}", "func (Impl#) Get(n int) int { return n + $k }"}, call: "fmt.Sprint(here·F#(out·Impl#{}, n))",
	},
	{
		name: "injected function", decls: []string{"//cache:auto ignore=f\nfunc F#(f func(int) int, n int) int { return f(n) + $R }"},
		injected: []string{"func Impl#(n int) int { return n*$k + 1 }"}, call: "fmt.Sprint(here·F#(out·Impl#, n))",
	},
	{
		name: "injected closure", decls: []string{"//cache:auto ignore=f\nfunc F#(f func(int) int, n int) int { g := f; return g(n) + $R }"},
		injected: []string{"func Impl#(k int) func(int) int { return func(n int) int { return n*k + $k } }"}, call: "fmt.Sprint(here·F#(out·Impl#(3), n))",
	},
	{
		name: "injected error", decls: []string{"//cache:auto ignore=e\nfunc F#(e error, n int) string { return fmt.Sprint(errors.Is(e, io.EOF), e.Error(), $R, n) }"},
		injected: []string{"type Impl# struct{}", "func (Impl#) Error() string { return fmt.Sprint($k) }", "func (Impl#) Is(error) bool { return $k > 5 }"}, call: "here·F#(out·Impl#{}, n)",
	},
	{
		name: "injected iterator", decls: []string{"//cache:auto ignore=s\nfunc F#(s iter.Seq[int], n int) int {\n\tfor v := range s {\n\t\tn += v\n\t}\n\treturn n + $R\n}"},
		injected: []string{"func Impl#(y func(int) bool) { y($k) }"}, call: "fmt.Sprint(here·F#(out·Impl#, n))",
	},
	{
		name: "injected stringer", decls: []string{"//cache:auto ignore=s\nfunc F#(s fmt.Stringer, n int) string { return fmt.Sprintf(`%v`, s) + fmt.Sprint($R, n) }"},
		injected: []string{"type Impl# int", "func (i Impl#) String() string { return fmt.Sprint(int(i) + $k) }"}, call: "here·F#(out·Impl#(1), n)",
	},
	{
		name: "injected receiver", decls: []string{"type Svc# struct{ Dep interface{ Get() int } }", "//cache:auto ignore=receiver\nfunc (s *Svc#) F(n int) int { return s.Dep.Get() + $R + n }"},
		injected: []string{"type Impl# struct{ K int }", "func (i Impl#) Get() int { return i.K + $k }"}, call: "fmt.Sprint((&here·Svc#{out·Impl#{1}}).F(n))",
	},
	{
		name: "injected reader", decls: []string{"//cache:auto ignore=r\nfunc F#(r io.Reader, n int) string { s, _ := io.ReadAll(r); return fmt.Sprint(string(s), $R, n) }"},
		injected: []string{"type Impl# struct{}", "func (Impl#) Read(p []byte) (int, error) { return copy(p, fmt.Sprint($k)), io.EOF }"}, call: "here·F#(out·Impl#{}, n)",
	},
	{
		name: "result with a marshaler", decls: []string{"type Out# struct{ N int }", "func (o Out#) MarshalBinary() ([]byte, error) { return fmt.Append(nil, o.N*$k), nil }\n\nfunc (o *Out#) UnmarshalBinary(b []byte) error { _, err := fmt.Sscan(string(b), &o.N); return err }", "//cache:auto\nfunc F#(n int) Out# { return Out#{$R + n} }"}, call: "func() string { b, _ := here·F#(n).MarshalBinary(); return string(b) }()",
	},
}
