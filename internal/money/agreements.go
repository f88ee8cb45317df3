package money

import (
	"encoding/json"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Agreements are all agreed prices of a connector, oldest first. Each holds until the month in which the next begins.
type Agreements []Agreed

// ReadAgreements reads what Bytes has written. An empty text means that nothing is agreed.
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
	text, _ := json.Marshal(form) // cannot fail: it has only numbers and strings
	return text
}

// With returns the agreements with one more at the end. The new one replaces those that begin in its month or later. It
// replaces all if it names no month.
func (a Agreements) With(agreed Agreed) Agreements {
	earlier := slices.DeleteFunc(slices.Clone(a), func(other Agreed) bool { return other.Since >= agreed.Since })
	return append(earlier, agreed)
}

// Last returns the latest agreement. It may begin in the future.
func (a Agreements) Last() Agreed {
	if len(a) == 0 {
		return Agreed{}
	}
	return a[len(a)-1]
}

// In returns what is agreed for the month of a day.
func (a Agreements) In(month calendar.Date) Agreed {
	for _, agreed := range slices.Backward(a) {
		if agreed.Since <= month.String() {
			return agreed
		}
	}
	return Agreed{}
}
