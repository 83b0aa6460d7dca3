package ledger

// Hold adds leaves that are strings already, as views and without a checkpoint. It is for whoever
// hashes a whole log to compare it with a checkpoint, such as the verifier of a file: the leaves
// are not copied. A log that is written for good goes through Draft or Offer, and Apply.
func (b *Book) Hold(leaves []string) {
	var h hasher
	for _, leaf := range leaves {
		if b.size%BundleLeaves == 0 {
			b.tiles = append(b.tiles, newTile())
		}
		root, full := b.tiles[len(b.tiles)-1].push(leaf, hashLeaf(&h, leaf))
		b.size++
		if full {
			b.raise(root)
		}
	}
	b.head = Signed{}
}
