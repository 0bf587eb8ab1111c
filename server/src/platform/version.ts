/** Version of the tool, in every manifest and lineage. A test keeps it equal to package.json. */
export const toolVersion = "0.1.0";
