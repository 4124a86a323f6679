package memory

// climber finds what share of its entries a tier should leave to newcomers, by hill climbing (Einziger et al., Middleware '18): it makes the
// share larger or smaller, goes on as long as that gives more hits, and else turns round. Requests that people make want a small share,
// recent things a large one; a loop wants one so small that most of what comes leaves at once, and the rest stays for the next round.
type climber struct {
	// hits counts those of the function, nil if nobody does.
	hits func() int64

	share int // in hundredths
	down  bool
	rate  float64 // of hits, in the last period
	misses,
	before int64 // misses in this period, and hits before it
}

// The share of newcomers at first, and its bounds.
const firstShare, leastShare, mostShare = 8, 1, 64

// miss takes note of a miss in a full tier for so many entries.
func (c *climber) miss(entries int) {
	if c.hits == nil {
		return
	}
	if c.misses++; c.misses < int64(max(2*entries, 256)) {
		return
	}
	now := c.hits()
	n := now - c.before
	rate := float64(n) / float64(n+c.misses)
	if rate < c.rate {
		c.down = !c.down
	}
	c.before, c.misses, c.rate = now, 0, rate
	c.step()
}

func (c *climber) step() {
	if c.down {
		c.share /= 2
	} else {
		c.share *= 2
	}
	if c.share <= leastShare || c.share >= mostShare {
		c.share = min(max(c.share, leastShare), mostShare)
		c.down = c.share == mostShare
	}
}
