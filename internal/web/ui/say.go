package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/web/locale"
)

// Parts are the components that stand at the places of a sentence.
type Parts map[string]templ.Component

// Say shows a sentence whose places are filled with components, so that a
// badge or a link can stand wherever a language wants it:
//
//	@ui.Say("step.in", ui.Parts{"Party": ui.Badge(p, ui.Speaks)})
func Say(key locale.Key, parts Parts) templ.Component { return SayF(key, nil, parts) }

// SayF is Say with some places filled by words.
func SayF(key locale.Key, words locale.Args, parts Parts) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		args := locale.Args{}
		for name, word := range words {
			args[name] = word
		}
		for name := range parts {
			args[name] = edge + name + edge
		}
		for i, piece := range strings.Split(locale.F(ctx, key, args), edge) {
			part, ok := parts[piece]
			if i%2 == 0 || !ok {
				if _, err := io.WriteString(w, templ.EscapeString(piece)); err != nil {
					return err
				}
				continue
			}
			if err := part.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// edge stands before and after the name of a part while the sentence is made.
// No stored text and no sentence holds it: text.Check refuses control characters.
const edge = "\x1f"

// Words is plain text as a component.
func Words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// Join is several components one after the other, with a space between.
func Join(list ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for i, c := range list {
			if i > 0 {
				if _, err := io.WriteString(w, " "); err != nil {
					return err
				}
			}
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}
