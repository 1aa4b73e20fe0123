public import Foundation
public import Sealing

/// What a request gives for the fields of one kind, after all rules.
public struct CredentialInput: Sendable {
    /// The public fields, by name; what was left out is missing.
    public let publicFields: [String: String]
    /// The secret fields.
    public let secret: SecretBundle
    /// What was corrected on the way, for the user to read.
    public let notes: [String]
    /// When the secret ends, if what was pasted says so (a Harbor robot's exported file). What the user gives goes before it.
    public let expiresAt: Date?
}

/// What a rotation gives, after all rules.
public struct RotationInput: Sendable {
    /// All secret fields, those that the request left alone included.
    public let secret: SecretBundle
    /// What was corrected on the way, for the user to read.
    public let notes: [String]
    /// When the new secret ends, if what was pasted says so.
    public let expiresAt: Date?
}

/// The values of a request on their way through the rules. A kind may make more of them than the fields say; see
/// ``RegistryDescription/init(kind:title:fields:nameField:address:details:interpret:)``.
struct FieldReading {
    /// By the names of the kind's fields.
    var values: [String: FieldValue]
    var notes: [String] = []
    var errors: [FieldError] = []
    var expiresAt: Date?

    subscript(_ name: String) -> FieldValue {
        get { values[name] ?? .absent }
        set { values[name] = newValue }
    }
}

extension RegistryDescription {
    /// Reads and checks every field of this kind; complaints about all of them are added to `errors`. Nil when there was one.
    public func readInput(
        plainHTTPHosts: Set<String>,
        errors: inout [FieldError],
        value: (String) -> FieldValue
    ) -> CredentialInput? {
        var reading = read(value)
        let publicFields = readPublic(&reading, plainHTTPHosts: plainHTTPHosts)
        let secret = readSecret(&reading, keeping: nil)
        errors += reading.errors
        guard reading.errors.isEmpty, let secret else { return nil }
        return CredentialInput(
            publicFields: publicFields,
            secret: secret,
            notes: reading.notes,
            expiresAt: reading.expiresAt
        )
    }

    /// Reads and checks the secret fields alone, as a rotation does that knows nothing of the stored ones.
    public func readSecret(errors: inout [FieldError], value: (String) -> FieldValue) -> SecretBundle? {
        readRotation(of: [:], keeping: nil, errors: &errors, value: value)?.secret
    }

    /// Reads and checks the secret fields of a rotation.
    ///
    /// `publicFields` are those stored: an exported robot must be the one that is stored. An optional field that the request
    /// leaves out keeps its value of `stored`, so that a private CA outlives a new password; an empty text takes it away.
    public func readRotation(
        of publicFields: [String: String],
        keeping stored: SecretBundle?,
        errors: inout [FieldError],
        value: (String) -> FieldValue
    ) -> RotationInput? {
        let secretNames = Set(secretFields.map(\.name))
        var reading = read { name in
            secretNames.contains(name) ? value(name) : publicFields[name].map { .string($0) } ?? .absent
        }
        let secret = readSecret(&reading, keeping: stored)
        errors += reading.errors
        guard reading.errors.isEmpty, let secret else { return nil }
        return RotationInput(secret: secret, notes: reading.notes, expiresAt: reading.expiresAt)
    }

    private func read(_ value: (String) -> FieldValue) -> FieldReading {
        var reading = FieldReading(values: [:])
        for field in fields { reading[field.name] = value(field.name) }
        interpret?(&reading)
        return reading
    }

    private func readPublic(_ reading: inout FieldReading, plainHTTPHosts: Set<String>) -> [String: String] {
        var texts: [String: String] = [:]
        var host: String?
        for field in publicFields {
            do throws(FieldError) {
                let given = reading[field.name]
                switch field.rule {
                case .repositories(let rule):
                    let names = try RepositoryNames(given, field: field.name, rule: rule, host: host)
                    reading.notes += names.notes
                    if !names.names.isEmpty { texts[field.name] = names.stored }
                case .url:
                    let text = try FieldRules.text(given, field: field.name, limit: RegistryURL.lengthLimit)
                    let url = try field.parseURL(text, plainHTTPHosts: plainHTTPHosts)
                    reading.notes += url.notes.map { "\(field.name): \($0)" }
                    texts[field.name] = url.description
                    host = String(url.description.drop { $0 != ":" }.dropFirst(3))
                case .text, .secret, .certificates, .privateKey:
                    if field.isRequired {
                        texts[field.name] = try FieldRules.text(given, field: field.name)
                    } else {
                        texts[field.name] = try FieldRules.optionalText(
                            given,
                            field: field.name,
                            limit: FieldRules.nameLimit
                        )
                    }
                }
            } catch {
                reading.errors.append(error)
            }
        }
        return texts
    }

    private func readSecret(_ reading: inout FieldReading, keeping stored: SecretBundle?) -> SecretBundle? {
        var secrets: [(name: String, value: Secret)] = []
        var isComplete = true
        for field in secretFields {
            let given = reading[field.name]
            do throws(FieldError) {
                if let secret = try field.readSecret(given, keeping: stored?[field.name]) {
                    secrets.append((field.name, secret))
                }
            } catch {
                reading.errors.append(error)
                isComplete = false
            }
        }
        guard isComplete else { return nil }
        let bundle = SecretBundle(secrets)
        do throws(FieldError) {
            try RegistryDescription.checkClientCertificate(bundle)
        } catch {
            reading.errors.append(error)
            return nil
        }
        return bundle
    }

    private static func checkClientCertificate(_ bundle: SecretBundle) throws(FieldError) {
        let (certificate, key) = (RegistryField.clientCertificate.name, RegistryField.clientKey.name)
        switch (bundle[certificate], bundle[key]) {
        case (nil, nil): return
        case (nil, _): throw FieldError(certificate, "is required with \(key)")
        case (_, nil): throw FieldError(key, "is required with \(certificate)")
        case (let chain?, let privateKey?): try PEMRules.checkPair(certificate: chain, key: privateKey, field: key)
        }
    }
}

extension RegistryField {
    /// Nil when an optional field is missing or emptied.
    fileprivate func readSecret(_ given: FieldValue, keeping stored: Secret?) throws(FieldError) -> Secret? {
        if !isRequired {
            if given == .absent { return stored }
            if case .string(let text) = given, text.allSatisfy(\.isWhitespace) { return nil }
        }
        let secret = try FieldRules.secret(given, field: name)
        switch rule {
        case .certificates: try PEMRules.checkCertificates(secret, field: name)
        case .privateKey: try PEMRules.checkPrivateKey(secret, field: name)
        case .secret, .text, .url, .repositories: break
        }
        return secret
    }

    fileprivate func parseURL(_ text: String, plainHTTPHosts: Set<String>) throws(FieldError) -> RegistryURL {
        do {
            return try RegistryURL(text, plainHTTPHosts: plainHTTPHosts)
        } catch {
            throw FieldError(name, error.message)
        }
    }
}
