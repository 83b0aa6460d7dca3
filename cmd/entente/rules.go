package main

import (
	"strings"

	"github.com/spf13/pflag"

	"entente/internal/api"
	"entente/party"
)

// rules are the flags that say how a group comes to agree.
func (f *inviteFlags) rules(p *pflag.FlagSet) {
	p.StringSliceVar(&f.chairs, "chair", nil, "a co-chair: PARTY:PERSON; again for more")
	p.StringVar(&f.silence, "silence", "", "allow the silence procedure, for this long at the least: 72h")
	p.StringSliceVar(&f.silenceFor, "silence-for", nil, "kinds of element for which silence may be asked (all that are agreed)")
	p.BoolVar(&f.whole, "whole", false, "nothing is agreed until everything is agreed")
	p.BoolVar(&f.inStep, "in-step", false, "no text is accepted while a language of it is behind")
}

// agree puts them into the terms.
func (f *inviteFlags) agree(t *api.AskTerms) error {
	for _, c := range f.chairs {
		code, person, _ := strings.Cut(c, ":")
		of, err := party.ParseCode(code)
		if err != nil {
			return usagef("%v. A co-chair is written PARTY:PERSON. Nothing was done.", err)
		}
		who, err := party.ParsePerson(person)
		if err != nil {
			return usagef("%v. A co-chair is written PARTY:PERSON. Nothing was done.", err)
		}
		t.Chairs = append(t.Chairs, api.Chair{Party: of, Person: who})
	}
	t.Silence, t.SilenceKinds, t.Whole, t.InStep = f.silence, f.silenceFor, f.whole, f.inStep
	return nil
}
