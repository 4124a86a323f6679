package programs

// reading computes a number by a detour: $R is an expression of type int.
type reading struct {
	name  string
	decls []string
	// data are embedded files of the package, by their names.
	data map[string]string
	// is the expression of type int.
	is string
}

var readings = []reading{
	{name: "function", decls: []string{"func Rd#() int { return $R + $k }"}, is: "here·Rd#()"},
	{name: "function of a parameter", decls: []string{"func Rd#(n int) int { return n*$k + 1 }"}, is: "here·Rd#($R)"},
	{name: "method", decls: []string{"type Rm# struct{ N int }", "func (r Rm#) Get() int { return ($R) * r.N }"}, is: "here·Rm#{$k}.Get()"},
	{name: "interface", decls: []string{"type Ri# interface{ Get(int) int }", "type Ra# struct{}", "func (Ra#) Get(n int) int { return n + $k }", "type Rb# struct{ k int }", "func (r *Rb#) Get(n int) int { return n - r.k }", "var Rv# = []Ri#{Ra#{}, &Rb#{$k}}"}, is: "here·Rv#[($R)&1].Get($R)"},
	{name: "stringer", decls: []string{"type Rs# struct{}", "func (Rs#) String() string { return strconv.Itoa($R + $k) }"}, is: "func() int { n, _ := strconv.Atoi(fmt.Sprint(here·Rs#{})); return n }()"},
	{name: "nested stringer", decls: []string{"type Rs# struct{}", "func (*Rs#) String() string { return strconv.Itoa($R + $k) }", "type Ro# struct{ A any }"}, is: "len(fmt.Sprintf(`%v`, here·Ro#{[]any{new(here·Rs#)}}))"},
	{name: "error", decls: []string{"type Re# struct{ N int }", "func (e Re#) Error() string { return fmt.Sprint(e.N + $k) }"}, is: "func() int { n, _ := strconv.Atoi(error(here·Re#{$R}).Error()); return n }()"},
	{name: "marshaler", decls: []string{"type Rj# struct{ N int }", "func (r Rj#) MarshalText() ([]byte, error) { return fmt.Append(nil, r.N*$k), nil }"}, is: "func() int { s, _ := json.Marshal(map[string]any{`a`: here·Rj#{$R}}); return int(crc32.ChecksumIEEE(s) % 9973) }()"},
	{name: "tag", decls: []string{"type Rt# struct {\n\tN int `json:\"name,omitempty\"`\n}"}, is: "func() int { s, _ := json.Marshal(here·Rt#{$R}); return int(crc32.ChecksumIEEE(s) % 9973) }()"},
	{name: "local type", is: "func() int { type row struct{ A int }; return int(crc32.ChecksumIEEE(fmt.Appendf(nil, `%#v`, row{$R})) % 9973) }()"},
	{name: "type name", decls: []string{"type Name# struct{ A int }"}, is: "int(crc32.ChecksumIEEE(fmt.Appendf(nil, `%T %d`, here·Name#{}, $R)) % 9973)"},
	{name: "field name", is: "int(crc32.ChecksumIEEE(fmt.Appendf(nil, `%+v`, struct{ Alpha, Beta int }{$R, $k})) % 9973)"},
	{name: "generic", decls: []string{"func Rg#[X ~int](x X) X { return x*$k + 1 }"}, is: "here·Rg#($R)"},
	{name: "generic constraint", decls: []string{"type Rc# struct{ N int }", "func (r Rc#) Val() int { return r.N + $k }", "func Rsum#[X interface{ Val() int }](xs ...X) (n int) {\n\tfor _, x := range xs {\n\t\tn += x.Val()\n\t}\n\treturn n\n}"}, is: "here·Rsum#(here·Rc#{$R}, here·Rc#{1})"},
	{name: "table", decls: []string{"var Rtab# = [...]int{$k, $k, $k, $k}"}, is: "here·Rtab#[($R)&3] + $R"},
	{name: "table of functions", decls: []string{"var Rf# = map[string]func(int) int{`a`: ra#, `b`: rb#}", "func ra#(n int) int { return n + $k }", "func rb#(n int) int { return n * $k }"}, is: "here·Rf#[`a`]($R) + here·Rf#[`b`](1)"},
	{name: "constants", decls: []string{"const (\n\tCa# = iota + $k\n\tCb#\n\tCc# = Cb# * 2\n)"}, is: "($R)*here·Cc# + here·Ca#"},
	{name: "switch", is: "func() int { switch n := $R; { case n%3 == 0: return n + $k; case n%3 == 1: return n * 2; default: return -n } }()"},
	{name: "loop", is: "func() (n int) { for i := range $k { n += i * ($R) }; return n }()"},
	{name: "deferred", is: "func() (n int) { defer func() { n += $k }(); return $R }()"},
	{name: "panic", is: "func() (n int) { defer func() { n, _ = recover().(int) }(); panic($R + $k) }()"},
	{name: "snapshot", decls: []string{"var Snap# = $R"}, is: "here·Snap#"},
	{name: "snapshot in init", decls: []string{"var Snap# int", "func init() { Snap# = $R }"}, is: "here·Snap#"},
	{name: "snapshot in a struct", decls: []string{"var Snap# = struct{ A, B int }{$R, $k}"}, is: "func() int { s := here·Snap#; return s.A }()"},
	{name: "snapshot in a closure", decls: []string{"var Snap# = func() func() int { n := $R; return func() int { return n } }()"}, is: "here·Snap#()"},
	{name: "snapshot by goroutine", decls: []string{"var Snap# = make(chan int, 1)", "func init() { go func() { Snap# <- $R }() }", "func Peek#() int { n := <-Snap#; Snap# <- n; return n }"}, is: "here·Peek#()"},
	{name: "sort", decls: []string{"type Ro# []int", "func (o Ro#) Len() int { return len(o) }\n\nfunc (o Ro#) Swap(i, j int) { o[i], o[j] = o[j], o[i] }\n\nfunc (o Ro#) Less(i, j int) bool { return o[i]*$k%7 < o[j]*$k%7 }"}, is: "func() int { o := here·Ro#{$R, 5, 3, 1}; sort.Sort(o); return o[0]*100 + o[3] }()"},
	{name: "embedded", decls: []string{"type Rin# struct{ N int }", "func (r *Rin#) Get() int { return r.N + $k }", "type Rout# struct {\n\t*Rin#\n\tM int\n}"}, is: "here·Rout#{&here·Rin#{$R}, 1}.Get()"},
	{name: "overridden", decls: []string{"type Rin# struct{ N int }", "func (r Rin#) Get() int { return r.N + $k }", "type Rout# struct{ Rin# }", "func (r Rout#) Get() int { return r.Rin#.Get() * $k }"}, is: "interface{ Get() int }(here·Rout#{here·Rin#{$R}}).Get()"},
	{name: "iterator", decls: []string{"func Rit#(n int) iter.Seq[int] {\n\treturn func(y func(int) bool) {\n\t\tfor i := range 3 {\n\t\t\tif !y(i*n + $k) {\n\t\t\t\treturn\n\t\t\t}\n\t\t}\n\t}\n}"}, is: "func() (n int) { for v := range here·Rit#($R) { n += v }; return n }()"},
	{name: "closure", is: "func() int { f := func(n int) int { return n + $k }; return f($R) }()"},
	{name: "goroutine", is: "func() int { c := make(chan int); go func() { c <- $R + $k }(); return <-c }()"},
	{name: "text", decls: []string{"const Text# = `abcdef`"}, is: "int(here·Text#[($R)&3]) + $R"},
	{name: "scan", is: "func() (n int) { fmt.Sscan(fmt.Sprint($R+$k), &n); return n }()"},
	{name: "template", is: "func() int { var b strings.Builder; template.Must(template.New(``).Parse(`{{.}}1`)).Execute(&b, $R); n, _ := strconv.Atoi(b.String()); return n }()"},
	{name: "overflow", is: "int(uint8(($R) * $k))"},
	{name: "comparable", decls: []string{"type Rk# struct{ A, B int }", "var Rmap# = map[Rk#]int{{1, 2}: $k, {2, 1}: $k}"}, is: "here·Rmap#[here·Rk#{($R)&1 + 1, 2 - ($R)&1}] + $R"},
	{name: "type switch", decls: []string{"type Rx# int", "func Rsw#(x any) int {\n\tswitch x := x.(type) {\n\tcase Rx#:\n\t\treturn int(x) + $k\n\tcase int:\n\t\treturn x * $k\n\t}\n\treturn 0\n}"}, is: "here·Rsw#(here·Rx#($R)) + here·Rsw#($R)"},
	{name: "embedded text", decls: []string{"//go:embed text#.txt\nvar Emb# string"}, data: map[string]string{"text#.txt": "some text"}, is: "int(crc32.ChecksumIEEE([]byte(here·Emb#))%9973) + $R"},
	{
		name: "embedded directory", decls: []string{"//go:embed dir#\nvar Fs# embed.FS", "func Walk#() (n int) {\n\tfs.WalkDir(Fs#, `.`, func(p string, d fs.DirEntry, err error) error {\n\t\ts, _ := Fs#.ReadFile(p)\n\t\tn = n*31 + int(crc32.ChecksumIEEE(append(s, p...))%9973)\n\t\treturn err\n\t})\n\treturn n\n}"},
		data: map[string]string{"dir#/a/x.txt": "one", "dir#/b.txt": "two"}, is: "here·Walk#() + $R",
	},
	{name: "name of a function", decls: []string{"func Called#() string {\n\tpc, _, _, _ := runtime.Caller(0)\n\treturn runtime.FuncForPC(pc).Name()\n}"}, is: "int(crc32.ChecksumIEEE([]byte(here·Called#()))%9973) + $R"},
	{name: "go stringer", decls: []string{"type Rg# struct{ N int }", "func (r Rg#) GoString() string { return strconv.Itoa(r.N * $k) }"}, is: "func() int { n, _ := strconv.Atoi(fmt.Sprintf(`%#v`, here·Rg#{$R})); return n }()"},
	{name: "path of a type", decls: []string{"type Rp# struct{ A int }"}, is: "int(crc32.ChecksumIEEE([]byte(reflect.TypeFor[here·Rp#]().String()))%9973) + $R"},
}
