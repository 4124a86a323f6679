package command

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdSpoil does to a file what merges, editors and full disks do: spoil file line N text, which puts a line before another, spoil file cut N,
// which leaves that many bytes, spoil file bom, spoil file crlf.
func cmdSpoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: spoil file line N text|cut N|bom|crlf")
	}
	name := ts.MkAbs(args[0])
	content, err := os.ReadFile(name)
	ts.Check(err)
	number := func() int {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		return n
	}
	switch args[1] {
	case "line":
		lines := bytes.SplitAfter(content, []byte("\n"))
		content = bytes.Join(slices.Insert(lines, number()-1, []byte(args[3]+"\n")), nil)
	case "cut":
		content = content[:number()]
	case "bom":
		content = append([]byte("\xef\xbb\xbf"), content...)
	case "crlf":
		content = bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
	default:
		ts.Fatalf("spoil: %s?", args[1])
	}
	ts.Check(os.WriteFile(name, content, 0o644))
}

// cmdOverlay writes a file for the go command's -overlay that replaces a file by another: overlay file original replacement.
func cmdOverlay(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: overlay file original replacement")
	}
	overlay := map[string]map[string]string{"Replace": {ts.MkAbs(args[1]): ts.MkAbs(args[2])}}
	data, err := json.Marshal(overlay)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}
