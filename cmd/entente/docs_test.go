package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestCommandsInTheDocs takes every command that the README, the documents and the help give, and
// asks the program whether it has that command with those flags.
func TestCommandsInTheDocs(t *testing.T) {
	m := &Main{Getenv: func(string) string { return "" }}
	texts := map[string]string{"help": ""}
	for _, name := range []string{"../../README.md", "../../docs/OPERATING.md"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(b)
	}
	eachCommand(m.root(), func(c *cobra.Command) { texts["help"] += c.Example + "\n" })
	form := regexp.MustCompile("(?m)(?:^ *|`|\\./cmd/)entente ([a-z][^`\n|]*)")
	found := 0
	for name, text := range texts {
		for _, match := range form.FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(match[1], "#")
			if err := understands(m.root(), strings.TrimSpace(line)); err != nil {
				t.Errorf("%s: entente %s: %v", name, line, err)
			}
			found++
		}
	}
	if found < 30 {
		t.Errorf("only %d commands were found", found)
	}
}

func eachCommand(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, f)
	}
}

// understands reports whether there is such a command with such flags.
func understands(root *cobra.Command, line string) error {
	args := splitLine(line)
	c, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	var flags []string
	for _, a := range rest {
		if a != "..." {
			flags = append(flags, a)
		}
	}
	return c.ParseFlags(flags)
}

// splitLine parts a command line at spaces outside of quotation marks.
func splitLine(s string) (out []string) {
	for _, f := range regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`).FindAllString(s, -1) {
		out = append(out, strings.ReplaceAll(f, `"`, ""))
	}
	return out
}

// TestEveryCommandExplainsItself: each has a sentence, and the overview names each.
func TestEveryCommandExplainsItself(t *testing.T) {
	root := (&Main{Getenv: func(string) string { return "" }}).root()
	eachCommand(root, func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s says nothing about itself", c.CommandPath())
		}
	})
	for _, c := range root.Commands() {
		if !strings.Contains(overview, c.Name()) && c.Name() != "help" {
			t.Errorf("the overview does not name %s", c.Name())
		}
	}
}
