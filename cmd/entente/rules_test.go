package main

import (
	"regexp"
	"strings"
	"testing"

	"entente/internal/compliance"
)

// TestHelpOfRulesIsTrue: the flags that “entente help rules” names are there, every plain form is named,
// and the rules that it shows are ones that can be agreed.
func TestHelpOfRulesIsTrue(t *testing.T) {
	c := (&Main{Getenv: func(string) string { return "" }}).proposeCommand()
	flags := regexp.MustCompile(`--([a-z]+(?:-[a-z]+)*)`).FindAllStringSubmatch(rules, -1)
	if len(flags) < 20 {
		t.Fatalf("only %d flags were found", len(flags))
	}
	for _, f := range flags {
		if c.Flags().Lookup(f[1]) == nil {
			t.Errorf("--%s is no flag of propose", f[1])
		}
	}
	for _, k := range compliance.FormKinds() {
		name := map[compliance.FormKind]string{compliance.FormDone: "by", compliance.FormFollowed: "followed-by"}[k]
		if name = or(name, k.String()); !strings.Contains(rules, "--"+name) {
			t.Errorf("the form %s is not told", k)
		}
	}
	quantities := []compliance.Quantity{{Name: "stock", Unit: "t"}, {Name: "event", Unit: "1"}, {Name: "told", Unit: "1"}, {Name: "answer", Unit: "1"}}
	for _, rule := range []string{"stock.latest() <= 130.0", `event.by(1.0, date("2018-03-01"))`, "told.each_followed(answer, 7)"} {
		if !strings.Contains(rules, rule) {
			t.Errorf("%s is not in the help", rule)
		}
		if r, err := compliance.Compile(rule, quantities); err != nil || r.Canonical() != rule {
			t.Errorf("%s: %v", rule, err)
		}
	}
	for _, call := range []string{"latest()", "max(30)", "min(30)", "sum(30)", "count(30)", "age()"} {
		name, _, _ := strings.Cut(call, "(")
		if !strings.Contains(rules, name+"(") {
			t.Errorf("%s is not told", name)
		}
		if _, err := compliance.Compile("stock."+call+" <= 5.0", quantities); err != nil {
			t.Errorf("%s: %v", call, err)
		}
	}
	if _, err := compliance.Compile(`stock.down_by(1.0, date("2018-03-01")) || !(stock.latest() > 3.0 && now > date("2018-01-01"))`, quantities); err != nil {
		t.Error(err)
	}
}
