package proof_test

import (
	"fmt"
	"strings"

	"entente/proof"
)

// A stranger opens the file, gives the cards that the parties had handed over on paper, and reads
// what came of every check. A file that is none gives a report as well.
func Example() {
	file := strings.NewReader("This is not what was agreed.\n")
	report := proof.Examine(file)
	fmt.Println(report.Valid, report.Answer)
	for _, c := range report.Checks {
		fmt.Println(c.Name, c.Result, c.Detail, c.Where)
	}
	// Output:
	// false No. The file is not whole, or not a proof.
	// file failed It does not begin with "entente proof v1". [byte 0 of the file]
}
