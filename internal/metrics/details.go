package metrics

import (
	"bytes"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// details reads the blocks and flags of a person's row that are stored but not shown. An error in them does not make a report
// broken: a value that cannot be read is left out.
type details struct {
	feature.Details
	used  int64   // two bits for each flag: the first says that GitHub told it, the second that it is true
	block scanner // scans the present block
}

// blockOf returns the place of a block's numbers.
var blockOf = [fieldsRead]feature.Block{
	fieldCLI: feature.OfCLI, fieldApp: feature.OfApp, fieldVSCode: feature.OfVSCode, fieldThirdParty: feature.OfThirdParty, fieldAdoption: feature.OfAdoption,
}

// detailFields numbers the fields within a block. It is part of the stored form.
var detailFields = [fieldsRead]uint8{
	fieldInteractions: 0, fieldGenerated: 1, fieldAccepted: 2, fieldLinesOffered: 3, fieldLinesOfferedToDelete: 4, fieldLinesAdded: 5, fieldLinesDeleted: 6,
	fieldSessions: 7, fieldRequests: 8, fieldPrompts: 9, fieldOutputTokens: 10, fieldPromptTokens: 11, fieldMessages: 12, fieldPhaseNumber: 13,
}

func (d *details) begin() {
	d.Clear()
	d.used = 0
}

// addFeature adds a row of a feature. The numbers of its count fields are those of the stored form.
func (d *details) addFeature(name []byte, counts *userCounts) {
	var numbers [feature.FeatureFields]int64
	for f, n := range counts {
		numbers[f] = int64(n)
	}
	d.AddFeature(name, &numbers)
}

// read reads a block or a flag.
func (d *details) read(s *scanner, f field) error {
	text, err := s.value()
	if err != nil {
		return err
	}
	if flags.has(f) {
		d.addFlag(f, text[0])
		return nil
	}
	b := &d.block
	b.text, b.at, b.depth, b.last = text, 0, 0, b.names.row()
	switch {
	case text[0] == '{' && f != fieldThirdParty:
		_ = d.readBlock(b, blockOf[f])
	case text[0] == '[' && f == fieldThirdParty:
		_ = d.readAgents(b)
	}
	return nil
}

// addFlag adds a flag, whose value begins with a given character. If a flag has two names, both count as one.
func (d *details) addFlag(f field, first byte) {
	place := f - fieldUsedChat
	if f >= fieldUsedCoding {
		place--
	}
	switch first {
	case 't':
		d.used |= 3 << (2 * place)
	case 'f':
		d.used |= 1 << (2 * place)
	}
}

// readBlock reads an object of numbers, and the objects within it.
func (d *details) readBlock(b *scanner, block feature.Block) error {
	if err := b.enter(); err != nil {
		return err
	}
	return readFields(b, blockFields, nil, func(f field) error {
		if c, err := b.peek(); f == fieldTokens && c == '{' {
			return d.readBlock(b, block)
		} else if err != nil || f == fieldTokens || f == fieldAgentName {
			_, err = b.value()
			return err
		}
		n, err := readCount(b, f)
		if err == nil {
			d.Add(feature.Detail{Block: block, Field: detailFields[f], N: int64(n)})
		}
		return err
	})
}

// readAgents reads the list of agents of other vendors.
func (d *details) readAgents(b *scanner) error {
	if err := b.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := b.more(']', first)
		if err != nil || !more {
			return err
		}
		if err := d.readAgent(b); err != nil {
			return err
		}
	}
}

func (d *details) readAgent(b *scanner) error {
	if null, err := readStart(b, fieldThirdParty, '{'); err != nil || null {
		return err
	}
	var name []byte
	var interactions, sessions Count = Untold, Untold
	err := readFields(b, 1<<fieldAgentName|1<<fieldInteractions|1<<fieldSessions, nil, func(f field) (err error) {
		switch f {
		case fieldAgentName:
			name, err = readString(b, f)
		case fieldInteractions:
			interactions, err = readCount(b, f)
		default:
			sessions, err = readCount(b, f)
		}
		return err
	})
	if err != nil {
		return err
	}
	agent := string(bytes.ToValidUTF8(name[:min(len(name), maxUnknownName)], nil))
	d.Add(feature.Detail{Block: feature.OfThirdParty, Name: agent, Field: detailFields[fieldInteractions], N: int64(interactions)})
	d.Add(feature.Detail{Block: feature.OfThirdParty, Name: agent, Field: detailFields[fieldSessions], N: int64(sessions)})
	return nil
}

// append appends the stored form.
func (d *details) append(dst []byte) []byte {
	if d.used != 0 {
		d.Add(feature.Detail{Block: feature.OfUsed, N: d.used})
	}
	return d.Append(dst)
}
