public import Sealing

/// What a request gives for the fields of one kind, after all rules.
public struct CredentialInput: Sendable {
    /// The public fields, by name.
    public let publicFields: [String: String]
    /// The secret fields.
    public let secret: SecretBundle
    /// What was corrected on the way, for the user to read.
    public let notes: [String]
}

extension RegistryDescription {
    /// Reads and checks every field of this kind; complaints about all of them are added to `errors`. Nil when there was one.
    public func readInput(
        plainHTTPHosts: Set<String>,
        errors: inout [FieldError],
        value: (String) -> FieldValue
    ) -> CredentialInput? {
        let complaints = errors.count
        var publicFields: [String: String] = [:]
        var notes: [String] = []
        for field in self.publicFields {
            do throws(FieldError) {
                var text = try FieldRules.text(value(field.name), field: field.name, limit: field.lengthLimit)
                if case .url = field.rule {
                    let url = try field.parseURL(text, plainHTTPHosts: plainHTTPHosts)
                    notes += url.notes.map { "\(field.name): \($0)" }
                    text = url.description
                }
                publicFields[field.name] = text
            } catch {
                errors.append(error)
            }
        }
        let secret = readSecret(errors: &errors, value: value)
        guard errors.count == complaints, let secret else { return nil }
        return CredentialInput(publicFields: publicFields, secret: secret, notes: notes)
    }

    /// Reads and checks the secret fields alone, as a rotation does.
    public func readSecret(errors: inout [FieldError], value: (String) -> FieldValue) -> SecretBundle? {
        var secrets: [(name: String, value: Secret)] = []
        for field in secretFields {
            do throws(FieldError) {
                secrets.append((field.name, try FieldRules.secret(value(field.name), field: field.name)))
            } catch {
                errors.append(error)
            }
        }
        return secrets.count == secretFields.count ? SecretBundle(secrets) : nil
    }
}

extension RegistryField {
    fileprivate var lengthLimit: Int {
        if case .url = rule { RegistryURL.lengthLimit } else { FieldRules.nameLimit }
    }

    fileprivate func parseURL(_ text: String, plainHTTPHosts: Set<String>) throws(FieldError) -> RegistryURL {
        do {
            return try RegistryURL(text, plainHTTPHosts: plainHTTPHosts)
        } catch {
            throw FieldError(name, error.message)
        }
    }
}
