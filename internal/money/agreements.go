package money

import (
	"encoding/json"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Agreements are the prices of a connector as they were agreed one after another, each until the month since which the next
// holds.
type Agreements []Agreed

// ReadAgreements reads agreements as Bytes has written them. No text is an agreement on nothing.
func ReadAgreements(text []byte) (Agreements, error) {
	switch {
	case len(text) == 0:
		return Agreements{{}}, nil
	case text[0] == '[':
		var list Agreements
		err := json.Unmarshal(text, &list)
		return list, err
	}
	one := make(Agreements, 1)
	return one, json.Unmarshal(text, &one[0])
}

// Bytes returns the form in which agreements are stored: one as an object, several as a list.
func (a Agreements) Bytes() []byte {
	var form any = a
	if len(a) == 1 {
		form = a[0]
	}
	text, _ := json.Marshal(form) // numbers and strings
	return text
}

// With returns the agreements after one more. It takes the place of those since its month or later ones: of all, where it
// names no month.
func (a Agreements) With(agreed Agreed) Agreements {
	earlier := slices.DeleteFunc(slices.Clone(a), func(other Agreed) bool { return other.Since >= agreed.Since })
	return append(earlier, agreed)
}

// Last is what was agreed last, whenever it holds.
func (a Agreements) Last() Agreed {
	if len(a) == 0 {
		return Agreed{}
	}
	return a[len(a)-1]
}

// In is what is agreed for a month, of which any day is given.
func (a Agreements) In(month calendar.Date) Agreed {
	for _, agreed := range slices.Backward(a) {
		if agreed.Since <= month.String() {
			return agreed
		}
	}
	return Agreed{}
}
