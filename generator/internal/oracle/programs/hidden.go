package programs

// hidden memory belongs to packages of the standard library and is asked for by a name: the value that leads to it is a string.
var hidden = []memory{
	{
		name: "flag", typ: "string", fresh: "func() string { flag.Int(`k#`, $v, ``); return `k#` }()",
		reads:  []string{"func() int { n, _ := strconv.Atoi(flag.Lookup($h).Value.String()); return n }()", "flag.Lookup($h).Value.(flag.Getter).Get().(int)"},
		writes: []string{"flag.Set($h, fmt.Sprint($v))", "flag.Lookup($h).Value.Set(fmt.Sprint($v))", "flag.CommandLine.Set($h, fmt.Sprint($v))", "flag.CommandLine.Lookup($h).Value.Set(fmt.Sprint($v))", "flag.VisitAll(func(f *flag.Flag) {\n\tif f.Name == $h {\n\t\tf.Value.Set(fmt.Sprint($v))\n\t}\n})", "flag.Lookup($h).DefValue = fmt.Sprint($v)"},
	},
	{
		name: "expvar", typ: "string", fresh: "func() string { expvar.NewInt(`k#`).Set($v); return `k#` }()",
		reads:  []string{"func() int { n, _ := strconv.Atoi(expvar.Get($h).String()); return n }()", "int(expvar.Get($h).(*expvar.Int).Value())"},
		writes: []string{"expvar.Get($h).(*expvar.Int).Add($v)", "expvar.Get($h).(*expvar.Int).Set($v)", "expvar.Do(func(kv expvar.KeyValue) {\n\tif kv.Key == $h {\n\t\tkv.Value.(*expvar.Int).Set($v)\n\t}\n})"},
	},
	{
		name: "default mux", typ: "string", fresh: "func() string { http.HandleFunc(`/k#`, base·Serve@); return `/k#` }()",
		decls:  []string{"func Serve@(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, $k) }", "type H@ struct{ N int }", "func (h H@) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, h.N) }"},
		reads:  []string{"func() int { r := httptest.NewRecorder(); http.DefaultServeMux.ServeHTTP(r, httptest.NewRequest(`GET`, $h, nil)); n, _ := strconv.Atoi(r.Body.String()); return n }()", "func() int { r := httptest.NewRecorder(); h, _ := http.DefaultServeMux.Handler(httptest.NewRequest(`GET`, $h, nil)); h.ServeHTTP(r, httptest.NewRequest(`GET`, `/`, nil)); return r.Code + r.Body.Len() }()"},
		writes: []string{"func() { defer func() { recover() }(); http.Handle(`GET `+$h, base·H@{$v}) }()", "func() { defer func() { recover() }(); http.DefaultServeMux.HandleFunc(`GET `+$h, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, $v) }) }()", "func() { defer func() { recover() }(); http.DefaultServeMux.Handle(`GET `+$h, http.HandlerFunc(base·Serve@)) }()"},
	},
	{
		name: "image", typ: "string", fresh: "func() string { image.RegisterFormat(`k#`, `k#!`, base·Dec@, base·Conf@); return `k#!` }()",
		decls:  []string{"func Dec@(io.Reader) (image.Image, error) { return nil, fmt.Errorf(`%d`, $k) }", "func Conf@(io.Reader) (image.Config, error) { return image.Config{ColorModel: color.GrayModel, Width: $k}, nil }"},
		reads:  []string{"func() int { _, _, err := image.Decode(strings.NewReader($h + `abc`)); n, _ := strconv.Atoi(err.Error()); return n }()", "func() int { c, _, _ := image.DecodeConfig(strings.NewReader($h + `abc`)); return c.Width }()"},
		writes: []string{"image.RegisterFormat(`early`, $h[:1]+`?`+$h[2:], base·Dec@, base·Conf@)"},
	},
	{
		name: "mime", typ: "string", fresh: "func() string { mime.AddExtensionType(`.k#`, fmt.Sprintf(`a/b%d`, $v)); return `.k#` }()",
		reads: []string{"func() int { n := 0; fmt.Sscanf(mime.TypeByExtension($h), `a/b%d`, &n); return n }()"}, writes: []string{"mime.AddExtensionType($h, fmt.Sprintf(`a/b%d`, $v))"},
	},
	{
		name: "sql", typ: "string", fresh: "func() string { sql.Register(`k#`, base·Drv@{$v}); return `k#` }()",
		decls:  []string{"type Drv@ struct{ N int }", "func (d Drv@) Open(string) (driver.Conn, error) { return nil, fmt.Errorf(`%d`, d.N+$k) }"},
		reads:  []string{"func() int { db, err := sql.Open($h, ``); if err != nil { return -1 }; n, _ := strconv.Atoi(db.Ping().Error()); return n }()", "func() int { if slices.Contains(sql.Drivers(), $h+`x`) { return 2 }; return 1 }()"},
		writes: []string{"func() { defer func() { recover() }(); sql.Register($h+`x`, base·Drv@{$v}) }()"},
	},
	{
		name: "gob", typ: "string", fresh: "func() string { gob.RegisterName(`k#`, base·G@{}); return `k#` }()",
		decls:  []string{"type G@ struct{ N int }", "type G2@ struct{ N, M int }"},
		reads:  []string{"func() int { var b bytes.Buffer; var v any = base·G2@{$k, $k}; if err := gob.NewEncoder(&b).Encode(&v); err != nil { return -1 }; return b.Len() + len($h) }()"},
		writes: []string{"func() { defer func() { recover() }(); gob.RegisterName($h+`2`, base·G2@{}) }()", "func() { defer func() { recover() }(); gob.Register(base·G2@{}) }()"},
	},
	{
		name: "standard log", typ: "string", alone: true, fresh: "func() string { log.SetPrefix(fmt.Sprint($v)); return `` }()",
		reads:  []string{"func() int { n, _ := strconv.Atoi(log.Prefix()); return n + len($h) }()", "func() int { var b bytes.Buffer; w := log.Writer(); log.SetOutput(&b); log.Print(1); log.SetOutput(w); return b.Len() + len($h) }()"},
		writes: []string{"log.SetPrefix(fmt.Sprint($v) + $h)", "log.SetFlags($v)", "log.Default().SetPrefix(fmt.Sprint($v*100) + $h)", "log.Default().SetFlags(log.Lmsgprefix)"},
	},
	{
		name: "standard slog", typ: "string", alone: true, fresh: "func() string { slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.Level($v)}))); return `` }()",
		reads:  []string{"func() int { n := len($h); for slog.Default().Enabled(nil, slog.Level(-n)) { n++ }; for !slog.Default().Enabled(nil, slog.Level(n)) { n++ }; return n }()"},
		writes: []string{"slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.Level($v + len($h))})))", "slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))"},
	},
	{
		name: "variable of the standard library", typ: "string", alone: true, fresh: "func() string { http.DefaultClient.Timeout = $v; return `` }()",
		reads:  []string{"int(http.DefaultClient.Timeout) + len($h)", "int(func() *http.Client { return http.DefaultClient }().Timeout) + len($h)"},
		writes: []string{"http.DefaultClient.Timeout = $v + time.Duration(len($h))", "http.DefaultClient = &http.Client{Timeout: $v + time.Duration(len($h))}", "c# := http.DefaultClient\nc#.Timeout++"},
	},
}
