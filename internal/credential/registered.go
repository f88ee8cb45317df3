package credential

// Registered is a GitHub App that somebody registered a moment ago from a manifest. GitHub hands its key out once.
type Registered struct {
	ClientID   string
	Slug       string
	PrivateKey Token // in the form PEM
}
