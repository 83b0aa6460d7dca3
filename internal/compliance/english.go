package compliance

// english are the English forms of what this package says. A form whose key ends in ".one" is for N = 1.
var english = map[string]string{
	"join": "{A} {B}",

	"verdict.none":        "Not judged",
	"verdict.within":      "Within limit",
	"verdict.near":        "Near limit",
	"verdict.exceeded":    "Exceeded",
	"verdict.cannot-tell": "Cannot tell",
	"verdict.disputed":    "Disputed",
	"verdict.not-yet-due": "Not yet due",
	"verdict.expired":     "Expired",
}
