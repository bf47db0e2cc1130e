package sandbox

// keyring knows which contact has an e-mail or a phone, and so recognizes
// duplicates.
type keyring struct {
	settings *settings
	people   *collection[contact]
	email    owners // by e-mail in lower case
	phone    owners // by phone as E.164
}

// owners are contact ids by what must not be a second contact's.
type owners map[string]string

func newKeyring(s *settings, people *collection[contact]) *keyring {
	return &keyring{settings: s, people: people, email: owners{}, phone: owners{}}
}

// give notes who has a key, unless another had it before.
func (o owners) give(key, id string) {
	if _, taken := o[key]; key != "" && !taken {
		o[key] = id
	}
}

// another reports whether another contact has a key.
func (o owners) another(key, id string) bool {
	owner, found := o[key]
	return found && owner != id
}

// change keeps the keys up to date.
func (k *keyring) change(old, now *contact) {
	if old != nil {
		k.free(old)
	}
	if now != nil && !now.Deleted {
		k.email.give(now.emailKey(), now.ID)
		k.phone.give(now.Phone, now.ID)
	}
}

// free gives up the e-mail and phone of a contact. Where duplicates are allowed
// another contact may have them too: the oldest takes over.
func (k *keyring) free(c *contact) {
	email, phone := c.emailKey(), c.Phone
	freed := k.email[email] == c.ID || k.phone[phone] == c.ID
	if k.email[email] == c.ID {
		delete(k.email, email)
	}
	if k.phone[phone] == c.ID {
		delete(k.phone, phone)
	}
	if !freed || !k.settings.AllowDuplicateContact {
		return
	}
	for _, other := range k.people.all() {
		if other.Deleted || other.ID == c.ID {
			continue
		}
		if other.emailKey() == email {
			k.email.give(email, other.ID)
		}
		if other.Phone == phone {
			k.phone.give(phone, other.ID)
		}
	}
}

// match finds another contact with the same value in one of the location's
// identifying fields, in their order.
func (k *keyring) match(c *contact) (id, field string, found bool) {
	for _, field := range k.settings.ContactUniqueIdentifiers {
		switch field {
		case "email":
			id, found = k.email[c.emailKey()]
		case "phone":
			id, found = k.phone[c.Phone]
		}
		if found && id != c.ID {
			return id, field, true
		}
	}
	return "", "", false
}

// refuse refuses a contact that would be the second with its e-mail or phone, and
// says whose they are.
func (k *keyring) refuse(c *contact) *answer {
	id, field, taken := k.match(c)
	if !taken || k.settings.AllowDuplicateContact {
		return nil
	}
	return &answer{status: 400, body: object{
		"statusCode": 400, "message": "This location does not allow duplicated contacts.",
		"meta": object{"contactId": id, "contactName": k.people.byID[id].fullName(), "matchingField": field},
	}}
}
