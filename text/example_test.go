package text_test

import (
	"fmt"

	"entente/text"
)

func Example() {
	segments := text.Bracket("", []text.Side{
		{Who: "US", Text: "The Parties may meet."},
		{Who: "IL", Text: "The Parties shall meet."},
	})
	fmt.Println(text.FormatBrackets(segments))
	// Output: The Parties [US: may] [IL: shall] meet.
}

func ExampleCheck() {
	fmt.Println(text.Check("The Parties shall\u202E meet."))
	// Output: U+202E at byte 17 changes the order in which letters are shown
}

func ExampleDiff() {
	for _, s := range text.Diff("within fourteen (14) days", "within twenty-one (21) days") {
		fmt.Printf("%s %q\n", []string{"same", "cut", "put"}[s.Op], s.Text)
	}
	// Output:
	// same "within "
	// cut "fourteen (14)"
	// put "twenty-one (21)"
	// same " days"
}
