package pairs

import (
	"time"

	"pgregory.net/rapid"

	cache "github.com/cachegen/cachegen/runtime"
)

// step is something that is done in one of two processes.
type step struct {
	What     string
	Process  int
	N, Extra int
	Receiver int
	Choice   choice
	Run      string
	Mode     cache.Mode
	Age      time.Duration // of WithMaxAge; negative: none
	Kind     kind          // of what is executed
	Fails    bool
	Wait     time.Duration // afterwards
}

var steps = rapid.Custom(func(t *rapid.T) step {
	return step{
		What: rapid.SampledFrom([]string{
			"call", "call", "call", "call", "call", "call", "lookup", "put", "forget", "clear", "tag", "all", "run", "restart",
		}).Draw(t, "what"),
		Process:  rapid.IntRange(0, 1).Draw(t, "process"),
		N:        rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "n"),
		Extra:    rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "extra"),
		Receiver: rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "receiver"),
		Choice: choice{
			rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "tenant"),
			rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2}).Draw(t, "policy"),
		},
		Run:   rapid.SampledFrom([]string{"a", "a", "a", "b", ""}).Draw(t, "run"),
		Mode:  rapid.SampledFrom([]cache.Mode{0, 0, 0, 0, 0, 0, cache.Use, cache.Refresh, cache.Bypass, cache.ReadOnly, cache.Frozen}).Draw(t, "mode"),
		Age:   rapid.SampledFrom([]time.Duration{-1, -1, -1, -1, 0, 3 * time.Second, time.Hour}).Draw(t, "age"),
		Kind:  rapid.SampledFrom([]kind{good, good, good, good, unwant, rejected}).Draw(t, "kind"),
		Fails: rapid.SampledFrom([]bool{false, false, false, true}).Draw(t, "fails"),
		Wait:  rapid.SampledFrom([]time.Duration{time.Millisecond, 2 * time.Second, 6 * time.Second, 12 * time.Second, 25 * time.Second}).Draw(t, "wait"),
	}
})
