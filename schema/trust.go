package schema

// WrittenAddress is a cty mark on a provider's argument with Address: files of the
// project chose the address, and the environment does not name the same one.
// Whoever can change the files, as in a pull request, can change where it leads.
type WrittenAddress struct{}

// OutsideSecret is a cty mark on a provider's argument with a secret that was
// given outside the files of the project, at least in part.
type OutsideSecret struct {
	// Source names where it comes from: GHL_TOKEN, -var.
	Source string
}
