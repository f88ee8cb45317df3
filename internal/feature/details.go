package feature

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// Block is the part of a person's day to which a number belongs. It is stored as a number. The listed features have the numbers
// below 24, so there can never be more than 24 of them. The constants are all other blocks.
type Block uint8

// The blocks. A day can have several blocks of a kind that has names.
const (
	OfUnlisted   Block = iota + 24 // a feature by a name that GitHub does not document
	OfCLI                          // the command line
	OfApp                          // the Copilot app
	OfVSCode                       // the agent mode of VS Code
	OfThirdParty                   // an agent of another vendor, by its name
	OfUsed                         // GitHub's flags for what the person used, in their order: 1 is yes, 0 is no
	OfAdoption                     // GitHub's phase of adoption
	blocks
)

// maxDetails bounds the numbers of a person's day. A usual day has some dozens.
const maxDetails = 400

// Detail is a number of a person's day that is stored and not shown. Package metrics numbers the fields.
type Detail struct {
	Block Block
	Name  string // empty for a block without a name
	Field uint8  // at most Untold
	N     int64
}

// Untold is a special field of a feature. Its number has one bit for each field that GitHub left out.
const Untold = 15

func (d Detail) compare(other Detail) int {
	return cmp.Or(cmp.Compare(d.Block, other.Block), cmp.Compare(d.Name, other.Name), cmp.Compare(d.Field, other.Field))
}

// Details gathers the numbers of one person's day. Clear makes it ready for the next person.
type Details struct {
	listed [len(listed)]featureDetails
	met    uint     // a bit for each listed feature of this day
	list   []Detail // all other numbers, in order
}

// featureDetails has the numbers of a feature, by field.
type featureDetails struct {
	untold int64
	counts [FeatureFields]int64
}

// FeatureFields is the number of fields of a feature. Field 0 has the interactions, which Uses stores.
const FeatureFields = 7

// Clear removes all numbers.
func (d *Details) Clear() { d.met, d.list = 0, d.list[:0] }

// AddFeature adds the numbers of a feature's row. A number below 0 is unknown.
func (d *Details) AddFeature(name []byte, counts *[FeatureFields]int64) {
	i := indexOf(name)
	if i < 0 {
		d.addUnlisted(name, counts)
		return
	}
	of := &d.listed[i]
	if d.met&(1<<i) == 0 {
		d.met |= 1 << i
		*of = featureDetails{}
	}
	for field := 1; field < FeatureFields; field++ {
		if n := counts[field]; n < 0 {
			of.untold |= 1 << field
		} else {
			of.counts[field] += n
		}
	}
}

func (d *Details) addUnlisted(name []byte, counts *[FeatureFields]int64) {
	one := Detail{Block: OfUnlisted, Name: cmp.Or(string(name[:min(len(name), maxUseName)]), unnamed)}
	untold := int64(0)
	for field := 1; field < FeatureFields; field++ {
		one.Field, one.N = uint8(field), counts[field]
		switch {
		case one.N < 0:
			untold |= 1 << field
		case one.N > 0:
			d.Add(one)
		}
	}
	if untold != 0 {
		one.Field, one.N = Untold, untold
		d.Add(one)
	}
}

// Add adds a number to the number of the same block, name and field. It leaves out a number below 0, which is unknown, and every
// new number after the first maxDetails.
func (d *Details) Add(more Detail) {
	if more.N < 0 {
		return
	}
	at := len(d.list)
	for at > 0 && d.list[at-1].compare(more) > 0 { // most numbers come in order
		at--
	}
	switch {
	case at > 0 && d.list[at-1].compare(more) == 0 && more.Field == Untold:
		d.list[at-1].N |= more.N
	case at > 0 && d.list[at-1].compare(more) == 0:
		d.list[at-1].N = plus(d.list[at-1].N, more.N)
	case len(d.list) < maxDetails:
		d.list = slices.Insert(d.list, at, more)
	}
}

// Append appends the stored form. Each block has its number, the length and the text of its name if it has one, a bit for each of
// its fields, and the numbers of these fields.
func (d *Details) Append(dst []byte) []byte {
	for left := d.met; left != 0; left &= left - 1 {
		block := bits.TrailingZeros(left)
		dst = d.listed[block].append(dst, byte(block)) //nolint:gosec // a few
	}
	for list := d.list; len(list) > 0; {
		block, mask := list[0].Block, uint64(0)
		of := list
		for n := range list {
			if list[n].Block != block || list[n].Name != list[0].Name {
				of = list[:n]
				break
			}
			mask |= 1 << list[n].Field
		}
		list = list[len(of):]
		dst = append(dst, byte(block))
		if block.named() {
			dst = append(append(dst, byte(len(of[0].Name))), of[0].Name...) //nolint:gosec // names are short
		}
		dst = binary.AppendUvarint(dst, mask)
		for i := range of {
			dst = binary.AppendUvarint(dst, uint64(of[i].N)) //nolint:gosec // Add takes none below 0
		}
	}
	return dst
}

// append appends the numbers that are not 0.
func (f *featureDetails) append(dst []byte, block byte) []byte {
	mask := uint64(0)
	for field, n := range f.counts {
		if n != 0 && f.untold&(1<<field) == 0 {
			mask |= 1 << field
		}
	}
	all := mask
	if f.untold != 0 {
		all |= 1 << Untold
	}
	if all == 0 {
		return dst
	}
	dst = binary.AppendUvarint(append(dst, block), all)
	for left := mask; left != 0; left &= left - 1 {
		dst = binary.AppendUvarint(dst, uint64(f.counts[bits.TrailingZeros64(left)])) //nolint:gosec // not negative
	}
	if f.untold != 0 {
		dst = binary.AppendUvarint(dst, uint64(f.untold)) //nolint:gosec // not negative
	}
	return dst
}

func (b Block) named() bool { return b == OfUnlisted || b == OfThirdParty }

// ReadDetails returns the numbers of a stored form. ok is false if the text is malformed.
func ReadDetails(text []byte) (list []Detail, ok bool) {
	for len(text) > 0 {
		one := Detail{Block: Block(text[0])}
		if text = text[1:]; one.Block >= blocks {
			return nil, false
		}
		if one.Block.named() {
			if len(text) == 0 || int(text[0]) >= len(text) {
				return nil, false
			}
			one.Name, text = string(text[1:1+text[0]]), text[1+text[0]:]
		}
		mask, n := binary.Uvarint(text)
		if n <= 0 || mask == 0 || mask >= 2<<Untold {
			return nil, false
		}
		text = text[n:]
		for ; mask != 0; mask &= mask - 1 {
			number, n := binary.Uvarint(text)
			if n <= 0 || number > math.MaxInt64 {
				return nil, false
			}
			one.Field, one.N = uint8(bits.TrailingZeros64(mask)), int64(number) //nolint:gosec // both fit
			list, text = append(list, one), text[n:]
		}
	}
	return list, true
}
