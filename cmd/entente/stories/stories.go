// Package stories holds the demonstration plans as data, one JSON file a plan.
//
// The format, and the strict reader of it, is in package story. The files are embedded so that
// the program needs nothing beside itself. The Hebrew and Arabic in them are working drafts
// (each file names them under "drafts") and need a native reader before they are relied on.
package stories

import "embed"

// Files are the demonstration plans: washington.json and cholera.json.
//
//go:embed *.json
var Files embed.FS
