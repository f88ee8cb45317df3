// Package privacy decides how the people of a connector are shown: by name, under pseudonyms, or not at all. It makes the pseudonyms, and
// the marks by which a forgotten person is recognised. It must not know what is shown about a person, nor where anything is stored.
// Everything that shows people uses a Veil. Start reading at Veil.
package privacy
