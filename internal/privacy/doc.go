// Package privacy decides how the people of a connector are shown: by their names, under pseudonyms, or not at all. It makes the
// pseudonyms, and the marks by which a person who was taken out is known again. It must not know what is shown of a person, nor
// where anything is stored. Whoever shows people asks a Veil. Start reading at Veil.
package privacy
