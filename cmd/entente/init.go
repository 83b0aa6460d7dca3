package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"entente/party"
	"entente/text"
)

func (m *Main) initCommand() *cobra.Command {
	var code, languages, address string
	var names []string
	c := &cobra.Command{
		Use: "init --party CODE --name NAME", Short: "Makes a party's data folder, with new keys.", Args: cobra.NoArgs,
		Example: "  entente init --party US --name \"United States\" --languages en,he --data /srv/entente",
		RunE: func(c *cobra.Command, _ []string) error {
			return m.init(c.Context(), code, names, languages, address)
		},
	}
	c.Flags().StringVar(&code, "party", "", "the party's code: 2 to 8 capital letters or digits")
	c.Flags().StringArrayVar(&names, "name", nil, "the party's name; again for other languages: --name he=ישראל")
	c.Flags().StringVar(&languages, "languages", "en", "working languages, the preferred first")
	c.Flags().StringVar(&address, "address", "", "HOST:PORT where counterparts reach this server; empty for exchange by hand")
	return c
}

func (m *Main) init(ctx context.Context, code string, names []string, languages, address string) error {
	if code == "" || len(names) == 0 {
		return usagef("Give the party's code and name. Nothing was done. For example:  entente init --party US --name \"United States\"")
	}
	id, err := party.ParseCode(code)
	if err != nil {
		return usagef("%w. Nothing was done.", err)
	}
	langs, err := party.ParseLanguages(languages)
	if err != nil {
		return usagef("%w. Nothing was done.", err)
	}
	words, err := readWords(names, langs[0])
	if err != nil {
		return err
	}
	texts, err := words.Texts()
	if err != nil {
		return err
	}
	if address != "" {
		if err := party.CheckAddress(address); err != nil {
			return usagef("%w. Nothing was done.", err)
		}
	}
	h, err := makeHome(m.data, rand.Reader, func(k party.Keys) party.Card { return k.Card(id, texts, langs, address) })
	if err != nil {
		return err
	}
	s, err := openStation(ctx, h, stationConfig{clock: m.Now, log: discard()})
	if err != nil {
		return errors.Join(err, h.unmake())
	}
	if err := s.close(); err != nil {
		return err
	}
	n := h.card.Number()
	out := struct {
		Party  party.Code   `json:"party"`
		Names  text.Texts   `json:"names"`
		Data   string       `json:"data"`
		Number party.Number `json:"number"`
	}{id, texts, m.data, n}
	m.say("Made this server's keys and an empty log in %s.", m.data)
	if err := m.result(out, func(w io.Writer) { printNumber(w, "Your number, to read aloud:   ", n) }); err != nil {
		return err
	}
	m.say("Next:  entente serve --listen 127.0.0.1:7411     then open the address it prints to add the first person,")
	m.say("  or:  entente person add ID --name NAME")
	return nil
}

// printNumber writes a number in two rows of three groups.
func printNumber(w io.Writer, before string, n party.Number) {
	g := n.Groups()
	fmt.Fprintf(w, "%s%s %s %s\n%*s%s %s %s\n", before, g[0], g[1], g[2], len([]rune(before)), "", g[3], g[4], g[5])
}
