package privacy

import "errors"

// Mode is how a connector's people are shown. The zero value is Named.
type Mode string

// The modes.
const (
	Named        Mode = "named"
	Pseudonymous Mode = "pseudonymous" // each person has a name that only the connector's key can turn back into the person
	Hidden       Mode = "hidden"       // no lists of people, and no groups of fewer than SmallestGroup people
)

// SmallestGroup is the number of people that a group must have to be shown if people are hidden.
const SmallestGroup = 5

// ParseMode accepts the name of a mode.
func ParseMode(given string) (Mode, error) {
	switch mode := Mode(given); mode {
	case Named, Pseudonymous, Hidden:
		return mode, nil
	}
	return "", errors.New("must be named, pseudonymous or hidden")
}

// KeptDays returns for how many days people are kept: the lesser of what the connector and the deployment say. 0 stands for all.
func KeptDays(connector, most int) int {
	if connector == 0 || most > 0 && most < connector {
		return most
	}
	return connector
}
