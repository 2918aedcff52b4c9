/** A JSON schema as OpenAPI 3.1 has it. One with a title becomes a component of that name. */
export interface Schema {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
}

export interface Described {
  readonly schema: Schema;
}

export function describe<Type extends Described>(type: Type, description: string): Type {
  return { ...type, schema: { ...type.schema, description } };
}

/** Ids are text, or whole numbers where a bundle says so. */
export const idSchema: Schema = {
  type: ["string", "integer"],
  description: "A number in models whose idType is int, a string in the others.",
};

/** Ids that are numbers, as `JSON.stringify` writes them; other spellings of a number are no other id. */
export const wholeId = /^(?:0|-?[1-9][0-9]{0,15})$/;
