package feature

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Block is what a number of a person's day belongs to, besides the listed features. It is part of the stored form, which has the
// listed features first: these never become more than 24.
type Block uint8

// The blocks. Of those with names a day has several.
const (
	OfUnlisted   Block = iota + 24 // a feature by a name that GitHub does not document
	OfCLI                          // the command line
	OfApp                          // the Copilot app
	OfVSCode                       // the agent mode of VS Code
	OfThirdParty                   // an agent of another vendor, by its name
	OfUsed                         // what somebody used at all, by the order of GitHub's flags: 1 is yes, 0 is no
	OfAdoption                     // GitHub's phase of adoption
	blocks
)

// maxDetails bounds the numbers of a day. People have some dozens.
const maxDetails = 400

// Detail is a number of a person's day that is kept and not shown. Fields are numbered as whoever reads the report says.
type Detail struct {
	Block Block
	Name  string // of the blocks with names
	Field uint8  // Untold and below
	N     int64  // below 0: GitHub tells the field, and not its value
}

// Untold is the field whose number has a bit for each field of a feature that GitHub does not tell.
const Untold = 15

func (d Detail) compare(other Detail) int {
	return cmp.Or(cmp.Compare(d.Block, other.Block), cmp.Compare(d.Name, other.Name), cmp.Compare(d.Field, other.Field))
}

// Details gathers the numbers of one day. It is made to be used again and again.
type Details struct {
	listed [len(listed)]featureDetails
	met    uint     // a bit for each of these that is there
	list   []Detail // all others, in their order
}

// featureDetails are the numbers of a feature, by their fields.
type featureDetails struct {
	untold int64
	counts [FeatureFields]int64
}

// FeatureFields is how many numbers a feature has at most, the first of which is of its interactions: these lie with Uses.
const FeatureFields = 7

// Clear takes all out.
func (d *Details) Clear() { d.met, d.list = 0, d.list[:0] }

// AddFeature adds the numbers of a row to the ones of the same feature. Below 0 is unknown.
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
		one.Field, one.N = uint8(field), counts[field] //nolint:gosec // a few
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

// Add adds a number to the one of the same place. Where there are too many, those that come last are left out.
func (d *Details) Add(more Detail) {
	at := len(d.list)
	for at > 0 && d.list[at-1].compare(more) > 0 { // they mostly come in their order
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

// Append writes the stored form: for each number its place, the length and the text of its name if its block has names, and
// the number.
func (d *Details) Append(dst []byte) []byte {
	for left := d.met; left != 0; left &= left - 1 {
		block := bits.TrailingZeros(left)
		of := &d.listed[block]
		for field, n := range of.counts {
			if n != 0 && of.untold&(1<<field) == 0 {
				dst = binary.AppendVarint(binary.AppendUvarint(dst, uint64(block<<4|field)), n) //nolint:gosec // a few
			}
		}
		if of.untold != 0 {
			dst = binary.AppendVarint(binary.AppendUvarint(dst, uint64(block<<4|Untold)), of.untold) //nolint:gosec // a few
		}
	}
	for i := range d.list {
		one := &d.list[i]
		dst = binary.AppendUvarint(dst, uint64(one.Block)<<4|uint64(one.Field))
		if one.Block == OfUnlisted || one.Block == OfThirdParty {
			dst = append(append(dst, byte(len(one.Name))), one.Name...)
		}
		dst = binary.AppendVarint(dst, one.N)
	}
	return dst
}

// ReadDetails returns the numbers of a stored form; not ok where that is none.
func ReadDetails(text []byte) (list []Detail, ok bool) {
	for len(text) > 0 {
		place, n := binary.Uvarint(text)
		if n <= 0 || place >= uint64(blocks)<<4 {
			return nil, false
		}
		one := Detail{Block: Block(place >> 4), Field: uint8(place & 15)} //nolint:gosec // checked
		text = text[n:]
		if one.Block == OfUnlisted || one.Block == OfThirdParty {
			if len(text) == 0 || int(text[0]) >= len(text) {
				return nil, false
			}
			one.Name, text = string(text[1:1+text[0]]), text[1+text[0]:]
		}
		if one.N, n = binary.Varint(text); n <= 0 {
			return nil, false
		}
		list, text = append(list, one), text[n:]
	}
	return list, true
}
