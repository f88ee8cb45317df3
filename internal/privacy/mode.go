package privacy

import "errors"

// Mode is how a connector's people are shown. The zero value is Named.
type Mode string

// The modes.
const (
	Named        Mode = "named"
	Pseudonymous Mode = "pseudonymous" // each person under a name that only the connector's key leads back from
	Hidden       Mode = "hidden"       // no lists of people; groups of fewer than SmallestGroup are not shown either
)

// SmallestGroup is the least number of people that a group must have to be shown where people are hidden.
const SmallestGroup = 5

// ParseMode accepts the name of a mode.
func ParseMode(given string) (Mode, error) {
	switch mode := Mode(given); mode {
	case Named, Pseudonymous, Hidden:
		return mode, nil
	}
	return "", errors.New("must be named, pseudonymous or hidden")
}
