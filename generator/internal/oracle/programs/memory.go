package programs

// memory is a kind of memory that can be read and written through a value that refers to it.
type memory struct {
	name string
	// typ is the type of the value.
	typ string
	// decls are declarations in package base that it needs.
	decls []string
	// fresh makes memory that holds $v.
	fresh string
	// reads are expressions of type int that read through $h; they leave it as it was.
	reads []string
	// writes are statements that write through $h.
	writes []string
	// alone says that a process can have only one of it.
	alone bool
}

var memories = []memory{
	{
		name: "struct", typ: "*base·C@",
		decls: []string{
			"type C@ struct {\n\tN int\n\tM map[string]int\n\tNext *C@\n}",
			"func (c *C@) Set(n int) { c.N = n }\n\nfunc (c C@) Get() int { return c.N }",
		},
		fresh: "&base·C@{N: $v}",
		reads: []string{
			"$h.N", "$h.Get()", "base·C@.Get(*$h)", "func() int { c := *$h; return c.N }()", "func() int { f := $h.Get; return f() }()",
			`func() int { var n int; s, _ := json.Marshal($h); fmt.Sscanf(string(s), "{\"N\":%d", &n); return n }()`,
			"int(reflect.ValueOf($h).Elem().Field(0).Int())", "func() int { p := &$h.N; return *p }()",
			"len(fmt.Sprint(*$h)) + $h.N", "func() int { switch n := $h.N; { case n > $k: return n; default: return -n } }()",
		},
		writes: []string{
			"$h.N = $v", "$h.N += $v", "$h.N++", "$h.Set($v)", "*$h = base·C@{N: $v}", "p# := &$h.N\n*p# = $v",
			"(*base·C@).Set($h, $v)", "f# := $h.Set\nf#($v)", "for $h.N = range $v {\n}", "fmt.Sscan(fmt.Sprint($v), &$h.N)",
			`json.Unmarshal(fmt.Appendf(nil, "{\"N\":%d}", $v), $h)`, "reflect.ValueOf($h).Elem().Field(0).SetInt(int64($v))",
			"$h.N, _ = $v, 0", "c# := $h\nc#.N ^= $v", "x# := *$h\nx#.N = $v\n*$h = x#", "d# := []*base·C@{$h}\nfor _, c := range d# {\n\tc.N = $v\n}",
			"json.NewDecoder(strings.NewReader(fmt.Sprintf(`{\"N\":%d}`, $v))).Decode($h)", "func(c *base·C@) { c.N = $v }($h)",
			`xml.Unmarshal([]byte(fmt.Sprintf("<C><N>%d</N></C>", $v)), $h)`, "reflect.ValueOf($h).MethodByName(`Set`).Call([]reflect.Value{reflect.ValueOf($v)})",
			"gob.NewDecoder(func() io.Reader { var b bytes.Buffer; gob.NewEncoder(&b).Encode(base·C@{N: $v}); return &b }()).Decode($h)",
			"w# := struct{ *base·C@ }{$h}\nw#.N = $v", "w# := struct{ *base·C@ }{$h}\nw#.Set($v)",
			"min# := func(p *int) { *p = $v }\nmin#(&$h.N)", "type alias = base·C@\n(*alias)($h).N = $v",
		},
	},
	{
		name: "nested struct", typ: "*base·Root@",
		decls: []string{
			"type Leaf@ struct{ V int }", "type Mid@ struct {\n\tLeaf@\n\tP *Leaf@\n\tA [2]Leaf@\n\tM map[string]*Leaf@\n}",
			"type Root@ struct{ Mid Mid@ }", "func (l *Leaf@) Put(v int) { l.V = v }", "func (r *Root@) Ptr() *Leaf@ { return r.Mid.P }",
		},
		fresh: "&base·Root@{Mid: base·Mid@{P: &base·Leaf@{$v}, M: map[string]*base·Leaf@{`a`: {1}}}}",
		reads: []string{
			"$h.Mid.P.V + $h.Mid.V", "$h.Ptr().V + $h.Mid.A[1].V", "$h.Mid.M[`a`].V + $h.Mid.P.V", "func() int { m := $h.Mid; return m.P.V + m.M[`a`].V + m.V }()",
		},
		writes: []string{
			"$h.Mid.P.V = $v", "$h.Mid.V = $v", "$h.Mid.Put($v)", "$h.Mid.P.Put($v)", "$h.Mid.A[1].V = $v", "$h.Mid.A[1].Put($v)", "$h.Mid.M[`a`].V = $v",
			"$h.Mid.P = &base·Leaf@{$v}", "$h.Ptr().V = $v", "for i := range $h.Mid.A {\n\t$h.Mid.A[i].V = $v\n}", "l# := $h.Ptr()\nl#.V = $v",
			"for _, l := range $h.Mid.M {\n\tl.V = $v\n}", "$h.Mid.M[`a`] = &base·Leaf@{$v}", "m# := $h.Mid\nm#.P.V = $v", "m# := $h.Mid\nm#.M[`a`].Put($v)",
			"$h.Mid.M[`a`], $h.Mid.P = $h.Mid.P, $h.Mid.M[`a`]",
		},
	},
	{
		name: "slice", typ: "[]int",
		decls: []string{"func Sum@(s []int) (n int) {\n\tfor i, v := range s {\n\t\tn = n*3 + v*(i+1)\n\t}\n\treturn n\n}"},
		fresh: "[]int{$v, 7, 5}",
		reads: []string{"base·Sum@($h)", "$h[0]", "$h[len($h)-1]", "len(fmt.Sprint($h)) + $h[1]", "slices.Max($h)", "slices.Index($h, 7)", "func() int { for _, v := range $h { return v }; return 0 }()"},
		writes: []string{
			"$h[0] = $v", "$h[1] += $v", "sort.Ints($h)", "sort.Sort(sort.Reverse(sort.IntSlice($h)))", "sort.Sort(sort.IntSlice($h))", "slices.Sort($h)",
			"slices.Reverse($h)", "copy($h, []int{$v})", "t# := append($h[:0], $v)\n_ = t#", "t# := $h[:1]\nt# = append(t#, $v)\n_ = t#", "clear($h)",
			"slices.SortFunc($h, func(a, b int) int { return b - a })", "sort.Slice($h, func(i, j int) bool { return $h[i]*$v%7 < $h[j]*$v%7 })",
			"for i := range $h {\n\t$h[i] += $v\n}", "p# := &$h[1]\n*p# = $v", "(*[2]int)($h)[0] = $v", "reflect.Swapper($h)(0, 1)",
			"_ = slices.Insert($h[:1], 0, $v)", "_ = slices.Delete($h, 0, 1)", "reflect.Copy(reflect.ValueOf($h), reflect.ValueOf([]int{$v}))",
			"rand.New(rand.NewSource($v)).Shuffle(3, func(i, j int) { $h[i], $h[j] = $h[j], $h[i] })", "func(s ...int) { s[0] = $v }($h...)",
			"s# := $h\ns#[0], s#[1] = s#[1], s#[0]", "_ = slices.DeleteFunc($h, func(v int) bool { return v == 7 })", "_ = slices.Compact($h[:2])",
			"json.Unmarshal(fmt.Appendf(nil, `[%d]`, $v), func() *[]int { s := $h; return &s }())", "s# := $h[1:]\ns#[0] = $v", "_ = slices.Replace($h, 0, 1, $v)",
			"reflect.ValueOf($h).Index(0).SetInt($v)", "_ = append($h[:1], []int{$v, 3}...)", "sort.Stable(sort.IntSlice($h))",
		},
	},
	{
		name: "map", typ: "map[string]int",
		fresh: "map[string]int{`a`: $v}",
		reads: []string{"$h[`a`] + len($h)", "func() int { v, ok := $h[`b`]; if ok { return v }; return $h[`a`] }()", "func() (n int) { for k, v := range $h { n += v * len(k) }; return n }()", "len(fmt.Sprint($h)) + $h[`a`]"},
		writes: []string{
			"$h[`a`] = $v", "$h[`b`] = $v", "$h[`a`]++", "delete($h, `a`)", "clear($h)", "maps.Copy($h, map[string]int{`a`: $v})", "maps.DeleteFunc($h, func(k string, v int) bool { return v > $v })",
			"maps.Insert($h, maps.All(map[string]int{`a`: $v}))", "json.Unmarshal(fmt.Appendf(nil, `{\"a\":%d}`, $v), func() *map[string]int { m := $h; return &m }())",
			"reflect.ValueOf($h).SetMapIndex(reflect.ValueOf(`a`), reflect.ValueOf($v))", "m# := $h\nm#[`a`] *= $v", "for k := range $h {\n\t$h[k] = $v\n}",
		},
	},
	{
		name: "map of pointers", typ: "map[string]*base·E@", decls: []string{"type E@ struct{ N int }", "func (e *E@) Up(n int) { e.N += n }"},
		fresh:  "map[string]*base·E@{`a`: {$v}, `b`: {1}}",
		reads:  []string{"$h[`a`].N", "$h[`a`].N + $h[`b`].N", "func() (n int) { for _, e := range $h { n += e.N }; return n }()"},
		writes: []string{"$h[`a`].N = $v", "$h[`a`].Up($v)", "for _, e := range $h {\n\te.N = $v\n}", "$h[`a`] = &base·E@{$v}", "e# := $h[`a`]\ne#.N = $v", "$h[`b`] = $h[`a`]\n$h[`b`].N = $v", "if e, ok := $h[`a`]; ok {\n\te.N = $v\n}"},
	},
	{
		name: "channel", typ: "chan int",
		fresh:  "func() chan int { c := make(chan int, 9); c <- $v; return c }()",
		reads:  []string{"len($h)", "func() int { select { case v := <-$h: $h <- v; return v; default: return -1 } }()"},
		writes: []string{"$h <- $v", "<-$h\n$h <- $v", "select {\ncase $h <- $v:\ndefault:\n}", "reflect.ValueOf($h).Send(reflect.ValueOf($v))", "var s# chan<- int = $h\ns# <- $v"},
	},
	{
		name: "pointer", typ: "*int",
		fresh:  "func() *int { n := $v; return &n }()",
		reads:  []string{"*$h", "func() int { p := $h; return *p + $k }()", "int(reflect.ValueOf($h).Elem().Int())"},
		writes: []string{"*$h = $v", "*$h += $v", "*$h++", "fmt.Sscan(fmt.Sprint($v), $h)", "json.Unmarshal(fmt.Append(nil, $v), $h)", "reflect.ValueOf($h).Elem().SetInt(int64($v))", "p# := $h\n*p# |= $v", "func(p *int) { *p = $v }($h)", "*$h, _ = strconv.Atoi(fmt.Sprint($v))", "for *$h = 0; *$h < $v; *$h++ {\n}", "var a# any = $h\n*a#.(*int) = $v", "_, _ = fmt.Sscanf(`12`, `%d`, $h)"},
	},
	{
		name: "array", typ: "*[3]int",
		fresh:  "&[3]int{$v, 2, 1}",
		reads:  []string{"$h[0] + 3*$h[1]", "func() (n int) { for _, v := range $h { n = n*5 + v }; return n }()", "func() int { a := *$h; return a[0] }()"},
		writes: []string{"$h[0] = $v", "*$h = [3]int{$v}", "s# := $h[:]\ns#[1] = $v", "sort.Ints($h[:])", "for i := range $h {\n\t$h[i] *= $v\n}", "copy($h[1:], $h[:])", "p# := &$h[0]\n*p# = $v", "slices.Reverse($h[:])"},
	},
	{
		name: "bytes", typ: "[]byte",
		decls:  []string{"func Bytes@(s []byte) (n int) {\n\tfor _, v := range s {\n\t\tn = n*7 + int(v)\n\t}\n\treturn n % 9973\n}"},
		fresh:  "[]byte{$v, 0, 1, 2, 3, 4, 5, 6}",
		reads:  []string{"base·Bytes@($h)", "base·Bytes@([]byte(string($h)))", "int(binary.BigEndian.Uint32($h))", "int(crc32.ChecksumIEEE($h))"},
		writes: []string{"$h[0] = $v", "binary.BigEndian.PutUint32($h, $v)", "copy($h, fmt.Sprint($v))", "io.ReadFull(strings.NewReader(`abcdefgh`), $h)", "hex.Decode($h, []byte(fmt.Sprintf(`%02x`, $v)))", "_ = strconv.AppendInt($h[:0], $v, 10)", "bytes.NewReader([]byte{$v}).Read($h)", "bufio.NewReader(strings.NewReader(`xyz`)).Read($h)", "utf8.EncodeRune($h, rune($v))", "binary.Read(bytes.NewReader([]byte{1, 2, 3, 4, 5, 6, 7, $v}), binary.BigEndian, $h)", "_ = fmt.Appendf($h[:0], `%d`, $v)", "base64.StdEncoding.Decode($h, []byte(`QUJD`))", "binary.Encode($h, binary.LittleEndian, uint16($v))", "bytes.NewBuffer($h[:0]).WriteByte($v)", "slices.Reverse($h)", "clear($h[1:])", "io.ReadAtLeast(strings.NewReader(`klm`), $h, 1)", "rand.New(rand.NewSource($v)).Read($h)", "io.Copy(bytes.NewBuffer($h[:0]), strings.NewReader(`pq`))"},
	},
	{
		name: "error", typ: "error",
		decls:  []string{"type MyErr@ struct{ Code int }", "func (e *MyErr@) Error() string { return fmt.Sprint(`code `, e.Code) }", "func (e *MyErr@) Set(n int) { e.Code = n }", "func Code@(err error) int {\n\tvar e *MyErr@\n\tif errors.As(err, &e) {\n\t\treturn e.Code\n\t}\n\treturn len(err.Error())\n}"},
		fresh:  "error(&base·MyErr@{$v})",
		reads:  []string{"base·Code@($h)", "base·Code@(errors.New($h.Error()))*100 + base·Code@($h)", "func() int { n := 0; fmt.Sscanf(fmt.Sprint($h), `code %d`, &n); return n }()", "func() int { if e, ok := $h.(interface{ Error() string }); ok { n := 0; fmt.Sscanf(e.Error(), `code %d`, &n); return n }; return -1 }()"},
		writes: []string{"$h.(*base·MyErr@).Set($v)", "var e# *base·MyErr@\nif errors.As($h, &e#) {\n\te#.Code = $v\n}", "$h.(interface{ Set(int) }).Set($v)", "reflect.ValueOf($h).Elem().Field(0).SetInt($v)", "switch e := $h.(type) {\ncase *base·MyErr@:\n\te.Code = $v\n}", "if e, ok := errors.Unwrap(fmt.Errorf(`%w`, $h)).(*base·MyErr@); ok {\n\te.Code = $v\n}", "if e, ok := errors.AsType[*base·MyErr@]($h); ok {\n\te.Code = $v\n}"},
	},
	{
		name: "any", typ: "any",
		decls:  []string{"type D@ struct {\n\tN int `json:\"n\"`\n}", "func (d *D@) String() string { return fmt.Sprint(d.N) }", "func (d *D@) Set(n int) { d.N = n }"},
		fresh:  "any(&base·D@{$v})",
		reads:  []string{"$h.(*base·D@).N", "func() int { n, _ := strconv.Atoi(fmt.Sprint($h)); return n }()", "func() int { n, _ := strconv.Atoi($h.(fmt.Stringer).String()); return n }()", "func() int { switch d := $h.(type) { case *base·D@: return d.N; default: return 0 } }()", "func() int { s, _ := json.Marshal($h); n := 0; fmt.Sscanf(string(s), `{\"n\":%d`, &n); return n }()", "int(reflect.ValueOf($h).Elem().FieldByName(`N`).Int())"},
		writes: []string{"$h.(*base·D@).N = $v", "$h.(interface{ Set(int) }).Set($v)", "json.Unmarshal(fmt.Appendf(nil, `{\"n\":%d}`, $v), $h)", "reflect.ValueOf($h).Elem().FieldByName(`N`).SetInt($v)", "reflect.ValueOf($h).MethodByName(`Set`).Call([]reflect.Value{reflect.ValueOf($v)})", "if d, ok := $h.(*base·D@); ok {\n\td.N += $v\n}", "*$h.(*base·D@) = base·D@{$v}"},
	},
	{
		name: "closure", typ: "func(...int) int",
		fresh:  "func() func(...int) int {\n\tx := $v\n\treturn func(s ...int) int {\n\t\tfor _, y := range s {\n\t\t\tx = y\n\t\t}\n\t\treturn x\n\t}\n}()",
		reads:  []string{"$h()", "func() int { f := $h; return f() + $k }()", "int(reflect.ValueOf($h).Call(nil)[0].Int())"},
		writes: []string{"$h($v)", "f# := $h\nf#($v, $k)", "reflect.ValueOf($h).Call([]reflect.Value{reflect.ValueOf($v)})", "for range 2 {\n\t$h($h() + $v)\n}"},
	},
	{
		name: "list", typ: "*list.List",
		fresh:  "func() *list.List { l := list.New(); l.PushBack($v); l.PushBack(3); return l }()",
		reads:  []string{"$h.Front().Value.(int)", "func() (n int) { for e := $h.Front(); e != nil; e = e.Next() { n = n*10 + e.Value.(int) }; return n }()", "$h.Len() + $h.Back().Value.(int)"},
		writes: []string{"$h.PushFront($v)", "$h.Front().Value = $v", "$h.MoveToFront($h.Back())", "$h.PushBackList($h)", "$h.InsertBefore($v, $h.Front())", "e# := $h.Front()\ne#.Value = $v", "for e := $h.Front(); e != nil; e = e.Next() {\n\te.Value = $v\n}", "$h.Back().Prev().Value = $v"},
	},
	{
		name: "ring", typ: "*ring.Ring",
		fresh:  "func() *ring.Ring { r := ring.New(2); r.Value, r.Next().Value = $v, 4; return r }()",
		reads:  []string{"$h.Value.(int)", "func() (n int) { $h.Do(func(v any) { n = n*10 + v.(int) }); return n }()"},
		writes: []string{"$h.Value = $v", "$h.Next().Value = $v", "$h.Link(&ring.Ring{Value: $v})"},
	},
	{
		name: "template", typ: "*template.Template",
		fresh:  "template.Must(template.New(`x`).Parse(fmt.Sprint($v, `{{block \"y\" .}}1{{end}}`)))",
		reads:  []string{"func() int { var b strings.Builder; if err := $h.Execute(&b, 1); err != nil { return -1 }; n, _ := strconv.Atoi(b.String()); return n }()", "func() int { var b strings.Builder; if err := $h.ExecuteTemplate(&b, `z`, 1); err != nil { return -1 }; return len(b.String()) }()", "len($h.DefinedTemplates())"},
		writes: []string{"template.Must($h.New(`z`).Parse(fmt.Sprint($v * 100)))", "template.Must($h.Parse(fmt.Sprint(`{{define \"y\"}}`, $v, `{{end}}`)))", "$h.AddParseTree(`z`, template.Must(template.New(`q`).Parse(`abc`)).Tree)", "template.Must($h.New(`y`).Parse(`{{len \"abc\"}}`))", "$h.Funcs(template.FuncMap{`f`: func() int { return $v }})\ntemplate.Must($h.Parse(`{{define \"y\"}}{{f}}{{end}}`))"},
	},
	{
		name: "buffer", typ: "*bytes.Buffer",
		decls:  []string{"func Text@(s string) (n int) {\n\tfor _, v := range s {\n\t\tn = n*7 + int(v)\n\t}\n\treturn n % 9973\n}"},
		fresh:  "bytes.NewBufferString(fmt.Sprint($v))",
		reads:  []string{"base·Text@($h.String())", "$h.Len()", "base·Text@(string($h.Bytes()))"},
		writes: []string{"$h.WriteString(fmt.Sprint($v))", "fmt.Fprintf($h, `%d`, $v)", "$h.Reset()", "$h.WriteByte($v)", "io.Copy($h, strings.NewReader(`text`))", "$h.Bytes()[0] = $v", "json.NewEncoder($h).Encode($v)", "$h.Truncate(1)", "$h.ReadByte()", "log.New($h, `p`, 0).Print($v)", "slog.New(slog.NewTextHandler($h, &slog.HandlerOptions{ReplaceAttr: func(g []string, a slog.Attr) slog.Attr { if a.Key == `time` { return slog.Attr{} }; return a }})).Info(`m`, `k`, $v)", "template.Must(template.New(`t`).Parse(`{{.}}`)).Execute($h, $v)", "io.WriteString($h, `more`)", "w# := bufio.NewWriter($h)\nw#.WriteString(`w`)\nw#.Flush()", "csv.NewWriter($h).WriteAll([][]string{{`a`, fmt.Sprint($v)}})", "binary.Write($h, binary.BigEndian, uint16($v))", "w# := tabwriter.NewWriter($h, 1, 1, 1, ' ', 0)\nfmt.Fprint(w#, $v)\nw#.Flush()"},
	},
	{
		name: "sync.Map", typ: "*sync.Map",
		fresh:  "func() *sync.Map { m := new(sync.Map); m.Store(`a`, $v); return m }()",
		reads:  []string{"func() int { v, _ := $h.Load(`a`); n, _ := v.(int); return n }()", "func() (n int) { $h.Range(func(_, v any) bool { n += v.(int); return true }); return n }()"},
		writes: []string{"$h.Store(`a`, $v)", "$h.Swap(`a`, $v)", "$h.LoadOrStore(`b`, $v)", "$h.Delete(`a`)", "$h.Clear()", "$h.CompareAndSwap(`a`, 3, $v)"},
	},
	{
		name: "atomic", typ: "*atomic.Int64",
		fresh:  "func() *atomic.Int64 { a := new(atomic.Int64); a.Store($v); return a }()",
		reads:  []string{"int($h.Load())", "int($h.Load()) + $k"},
		writes: []string{"$h.Store($v)", "$h.Add($v)", "$h.Swap($v)", "$h.Or($v)", "$h.CompareAndSwap($h.Load(), $v)"},
	},
	{
		name: "atomic value", typ: "*atomic.Value",
		fresh:  "func() *atomic.Value { a := new(atomic.Value); a.Store($v); return a }()",
		reads:  []string{"$h.Load().(int)"},
		writes: []string{"$h.Store($v)", "$h.Swap($v)"},
	},
	{
		name: "atomic pointer", typ: "*atomic.Pointer[base·A@]", decls: []string{"type A@ struct{ N int }"},
		fresh:  "func() *atomic.Pointer[base·A@] { a := new(atomic.Pointer[base·A@]); a.Store(&base·A@{$v}); return a }()",
		reads:  []string{"$h.Load().N", "func() int { a := $h.Load(); return a.N }()"},
		writes: []string{"$h.Store(&base·A@{$v})", "$h.Load().N = $v", "a# := $h.Load()\na#.N += $v"},
	},
	{
		name: "functions", typ: "map[string]func(int) int",
		decls:  []string{"func Double@(n int) int { return n*2 + $k }", "func Triple@(n int) int { return n*3 + $k }"},
		fresh:  "map[string]func(int) int{`a`: base·Double@, `b`: func(n int) int { return n + $v }}",
		reads:  []string{"$h[`a`](2)", "$h[`a`](1) + $h[`b`](2)", "func() (n int) { for _, f := range $h { n += f(1) }; return n }()", "func() int { if f := $h[`c`]; f != nil { return f(3) }; return $h[`a`](3) }()"},
		writes: []string{"$h[`a`] = base·Triple@", "$h[`c`] = base·Triple@", "$h[`a`] = func(n int) int { return n * $v }", "$h[`a`] = $h[`b`]", "old# := $h[`a`]\n$h[`a`] = func(n int) int { return old#(n) + $v }"},
	},
	{
		name: "slot", typ: "*base·Slot@",
		decls: []string{
			"type Shape@ interface{ Area() int }", "type Slot@ struct{ I Shape@ }", "type Sq@ struct{ S int }", "func (s Sq@) Area() int { return s.S*s.S + $k }",
			"type Ci@ struct{ R int }", "func (c *Ci@) Area() int { return c.R*3 + $k }", "type Both@ struct {\n\tSq@\n\tX int\n}", "type Deep@ struct{ Shape@ }",
		},
		fresh:  "&base·Slot@{base·Sq@{$v}}",
		reads:  []string{"$h.I.Area()", "func() int { f := $h.I.Area; return f() }()", "base·Shape@.Area($h.I)", "func() int { switch s := $h.I.(type) { case base·Sq@: return s.S; case *base·Ci@: return -s.R; default: return s.Area() } }()", "func() int { if a, ok := any($h.I).(interface{ Area() int }); ok { return a.Area() }; return 0 }()"},
		writes: []string{"$h.I = base·Sq@{$v}", "$h.I = &base·Ci@{$v}", "$h.I = base·Both@{base·Sq@{$v}, 1}", "$h.I = base·Deep@{&base·Ci@{$v}}", "if c, ok := $h.I.(*base·Ci@); ok {\n\tc.R = $v\n}", "$h.I = base·Deep@{$h.I}", "reflect.ValueOf($h).Elem().Field(0).Set(reflect.ValueOf(base·Sq@{$v}))"},
	},
	{
		name: "tree", typ: "map[string]any",
		fresh:  "map[string]any{`a`: []any{float64($v), `s`}, `m`: map[string]any{`x`: 1.0}}",
		reads:  []string{"int($h[`a`].([]any)[0].(float64))", "int($h[`m`].(map[string]any)[`x`].(float64)) + int($h[`a`].([]any)[0].(float64))", "func() int { s, _ := json.Marshal($h); return int(crc32.ChecksumIEEE(s)) }()", "int(crc32.ChecksumIEEE([]byte(fmt.Sprint($h))))"},
		writes: []string{"$h[`a`].([]any)[0] = float64($v)", "$h[`m`].(map[string]any)[`x`] = float64($v)", "json.Unmarshal(fmt.Appendf(nil, `{\"m\":{\"x\":%d}}`, $v), func() *map[string]any { m := $h; return &m }())", "m# := $h[`m`].(map[string]any)\nm#[`x`] = float64($v)", "for _, v := range $h {\n\tif s, ok := v.([]any); ok {\n\t\ts[0] = float64($v)\n\t}\n}", "maps.Copy($h[`m`].(map[string]any), map[string]any{`x`: 9.0})"},
	},
	{
		name: "big", typ: "*big.Int", fresh: "big.NewInt($v)",
		reads:  []string{"int($h.Int64())", "func() int { n, _ := strconv.Atoi($h.String()); return n }()", "int(new(big.Int).Add($h, big.NewInt(1)).Int64())"},
		writes: []string{"$h.SetInt64($v)", "$h.Add($h, big.NewInt($v))", "$h.SetString(fmt.Sprint($v), 10)", "fmt.Sscan(fmt.Sprint($v), $h)", "$h.Neg($h)", "json.Unmarshal([]byte(`12`), $h)"},
	},
	{
		name: "regexp", typ: "*regexp.Regexp", fresh: "regexp.MustCompile(fmt.Sprintf(`a+?|a{%d}`, $v))",
		reads: []string{"len($h.FindString(`aaaaaaaaaa`))", "len($h.String()) + len($h.FindString(`aaaa`))"}, writes: []string{"$h.Longest()", "*$h = *regexp.MustCompile(fmt.Sprintf(`a{%d}`, $v))"},
	},
	{
		name: "header", typ: "http.Header", fresh: "http.Header{`A`: {fmt.Sprint($v)}}",
		reads:  []string{"func() int { n, _ := strconv.Atoi($h.Get(`A`)); return n + len($h) }()"},
		writes: []string{"$h.Set(`A`, fmt.Sprint($v))", "$h.Add(`B`, `x`)", "$h.Del(`A`)", "$h[`A`][0] = fmt.Sprint($v)"},
	},
	{
		name: "url", typ: "*url.URL", fresh: "&url.URL{Path: fmt.Sprint($v)}",
		reads:  []string{"func() int { n, _ := strconv.Atoi($h.Path); return n }()", "len($h.String()) + len($h.Path)"},
		writes: []string{"$h.Path = fmt.Sprint($v)", "$h.Host = fmt.Sprint($v * 1000)", "$h.UnmarshalBinary(fmt.Append(nil, $v))", "*$h = *$h.JoinPath(`more`)"},
	},
	{
		name: "flag set", typ: "*flag.FlagSet", fresh: "func() *flag.FlagSet { f := flag.NewFlagSet(`f`, 0); f.Int(`x`, $v, ``); return f }()",
		reads:  []string{"func() int { n, _ := strconv.Atoi($h.Lookup(`x`).Value.String()); return n }()", "func() (n int) { $h.VisitAll(func(f *flag.Flag) { n += len(f.Name + f.Value.String()) }); return n }()", "$h.Lookup(`x`).Value.(flag.Getter).Get().(int)"},
		writes: []string{"$h.Set(`x`, fmt.Sprint($v))", "$h.Parse([]string{`-x`, fmt.Sprint($v)})", "$h.Lookup(`x`).Value.Set(fmt.Sprint($v))", "$h.VisitAll(func(f *flag.Flag) { f.Value.Set(fmt.Sprint($v)) })", "$h.Int(`more#`, $v, ``)"},
	},
	{
		name: "logger", typ: "*log.Logger", fresh: "log.New(io.Discard, fmt.Sprint($v), 0)",
		reads:  []string{"func() int { n, _ := strconv.Atoi($h.Prefix()); return n + $h.Flags() }()"},
		writes: []string{"$h.SetPrefix(fmt.Sprint($v))", "$h.SetFlags($v)"},
	},
	{
		name: "mux", typ: "*http.ServeMux", fresh: "func() *http.ServeMux { m := http.NewServeMux(); m.HandleFunc(`/a`, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, $v) }); return m }()",
		decls:  []string{"type Han@ struct{ N int }", "func (h Han@) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, h.N+$k) }"},
		reads:  []string{"func() int { r := httptest.NewRecorder(); $h.ServeHTTP(r, httptest.NewRequest(`GET`, `/a`, nil)); n, _ := strconv.Atoi(r.Body.String()); return n }()", "func() int { r := httptest.NewRecorder(); $h.ServeHTTP(r, httptest.NewRequest(`GET`, `/b#`, nil)); return r.Code + r.Body.Len() }()"},
		writes: []string{"func() { defer func() { recover() }(); $h.Handle(`/a/`, base·Han@{$v}) }()", "func() { defer func() { recover() }(); $h.Handle(`GET /a`, base·Han@{$v}) }()"},
	},
	{
		name: "values", typ: "url.Values", fresh: "url.Values{`a`: {fmt.Sprint($v)}}",
		reads: []string{"func() int { n, _ := strconv.Atoi($h.Get(`a`)); return n + len($h.Encode()) }()"}, writes: []string{"$h.Set(`a`, fmt.Sprint($v))", "$h.Add(`b`, `1`)", "$h[`a`] = nil"},
	},
	{
		name: "level", typ: "*slog.LevelVar", fresh: "func() *slog.LevelVar { l := new(slog.LevelVar); l.Set($v); return l }()",
		reads: []string{"int($h.Level())"}, writes: []string{"$h.Set($v)", "$h.UnmarshalText([]byte(`warn`))"},
	},
	{
		name: "random", typ: "*rand.Rand", fresh: "rand.New(rand.NewSource($v))",
		reads: []string{"$h.Intn(1000)"}, writes: []string{"$h.Seed($v)", "$h.Int()", "$h.Perm($v)"},
	},
	{
		name: "heap", typ: "*base·Heap@",
		decls:  []string{"type Heap@ []int", "func (h Heap@) Len() int { return len(h) }\n\nfunc (h Heap@) Less(i, j int) bool { return h[i] < h[j] }\n\nfunc (h Heap@) Swap(i, j int) { h[i], h[j] = h[j], h[i] }\n\nfunc (h *Heap@) Push(x any) { *h = append(*h, x.(int)) }\n\nfunc (h *Heap@) Pop() any { x := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return x }"},
		fresh:  "&base·Heap@{$v, 9, 4}",
		reads:  []string{"(*$h)[0]", "func() (n int) { for _, v := range *$h { n = n*10 + v }; return n }()"},
		writes: []string{"heap.Init($h)", "heap.Push($h, $v)", "heap.Fix($h, 0)", "(*$h)[0] = $v", "sort.Sort($h)", "sort.Sort(sort.Reverse($h))", "*$h = append(*$h, $v)", "heap.Pop($h)"},
	},
	{
		name: "reader", typ: "*bufio.Reader", fresh: "bufio.NewReader(strings.NewReader(fmt.Sprint($v*11111)))",
		reads: []string{"func() int { p, _ := $h.Peek(2); return len(p)*100 + int(append(p, 0)[0]) }()"}, writes: []string{"$h.ReadByte()", "$h.Discard(1)", "$h.Reset(strings.NewReader(fmt.Sprint($v)))"},
	},
}
