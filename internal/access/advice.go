package access

import "fmt"

// Link is a page to which a text sends a person.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// String returns the address, so that a link in a sentence shows it.
func (l Link) String() string { return l.URL }

// Advice tells a person in whole sentences what to do, and has the links that the sentences name.
type Advice struct {
	Words string
	Links []Link
}

// String returns the words.
func (a Advice) String() string { return a.Words }

// Advise formats words as fmt.Sprintf does. It keeps every Link among args, and the links of every Advice among args, once
// each.
func Advise(format string, args ...any) Advice {
	advice := Advice{Words: fmt.Sprintf(format, args...)}
	for _, arg := range args {
		switch a := arg.(type) {
		case Link:
			advice.add(a)
		case Advice:
			for _, l := range a.Links {
				advice.add(l)
			}
		}
	}
	return advice
}

func (a *Advice) add(link Link) {
	for _, l := range a.Links {
		if l.URL == link.URL {
			return
		}
	}
	a.Links = append(a.Links, link)
}

// Together joins pieces of advice into one, with the separator between them.
func Together(separator string, pieces ...Advice) Advice {
	var all Advice
	for i, piece := range pieces {
		if i > 0 {
			all.Words += separator
		}
		all.Words += piece.Words
		for _, l := range piece.Links {
			all.add(l)
		}
	}
	return all
}
