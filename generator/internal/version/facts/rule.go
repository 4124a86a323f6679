package facts

// Rule is a rule of docs/design/analysis.md: from them follows what is in a version.
type Rule uint8

// The rules, as they are numbered there.
const (
	RuleReach    Rule = iota + 1 // what a definition that counts mentions counts
	RuleDispatch                 // a dynamic call reaches what its value may be
	RuleMemory                   // what may write to memory that is read counts
	RuleOutside                  // code outside does whatever the model does not rule out
	RuleOrder                    // the order of initialisation counts where it decides something
	RuleNames                    // what a program can print of its own code counts
	RuleBuild                    // the configuration of the build counts
	RuleContext                  // what a context says is in no key
	RuleBounds                   // where the analysis gives up, it takes everything
)
