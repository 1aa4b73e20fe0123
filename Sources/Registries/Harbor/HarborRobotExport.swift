import Foundation

/// The file that Harbor's console exports when it makes a robot. Users paste the whole of it where the secret belongs.
///
/// Source: Harbor documentation, "Create robot accounts", "Export to file"; its API's `RobotCreated`.
struct HarborRobotExport: Decodable {
    let name: String
    let secret: String
    /// Unix time in seconds; -1 for never.
    let expiresAt: Int64?
    /// In days; -1 for never.
    let duration: Int64?
    let creationTime: String?

    private enum CodingKeys: String, CodingKey {
        case name
        case secret
        case expiresAt = "expires_at"
        case duration
        case creationTime = "creation_time"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        secret = try container.decode(String.self, forKey: .secret)
        // What only helps must not spoil the rest, whatever a version of Harbor makes of it.
        expiresAt = (try? container.decodeIfPresent(Int64.self, forKey: .expiresAt)) ?? nil
        duration = (try? container.decodeIfPresent(Int64.self, forKey: .duration)) ?? nil
        creationTime = (try? container.decodeIfPresent(String.self, forKey: .creationTime)) ?? nil
    }

    /// When the robot ends; nil for never and for unknown.
    var end: Date? {
        if let expiresAt { return expiresAt > 0 ? Date(timeIntervalSince1970: Double(expiresAt)) : nil }
        guard let duration, duration > 0, let creationTime, let created = RegistryTime.date(creationTime) else {
            return nil
        }
        return created.addingTimeInterval(Double(duration) * 86_400)
    }

    /// Takes a pasted export apart: the secret becomes the password, the name fills an empty username and must agree with a
    /// given one.
    static func interpret(_ reading: inout FieldReading) {
        // A secret of Harbor's own never begins with a brace and ends with one; a password that does is left alone unless it
        // is such a file.
        guard case .string(let text) = reading["password"], text.utf8.count <= FieldRules.secretLimitInBytes,
            text.drop(while: \.isWhitespace).first == "{",
            let export = try? JSONDecoder().decode(HarborRobotExport.self, from: Data(text.utf8))
        else { return }
        switch reading["username"] {
        case .string(let username) where !username.allSatisfy(\.isWhitespace):
            guard username.filter({ !$0.isWhitespace }) == export.name else {
                reading.errors.append(
                    FieldError("password", "is the exported file of another robot than the one in username")
                )
                return
            }
        case .absent, .string:
            reading["username"] = .string(export.name)
            reading.notes.append("username: taken from the robot's exported file")
        case .list, .other: break
        }
        reading["password"] = .string(export.secret)
        reading.notes.append("password: the secret was taken from the robot's exported file")
        reading.expiresAt = export.end
    }
}
